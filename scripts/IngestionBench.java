import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.model.onnx.OnnxEmbeddingModel;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Measures ingestion, from attaching files to finding them, beside the embedding model alone on the same chunks, in
/// turns. Run by `./dev bench ingestion`. Progress goes to standard error, the result in Markdown to standard output.
final class IngestionBench {

    private static final int ROUNDS = 3;
    private static final int FILES = 24;
    private static final int SENTENCES = 160;
    private static final Pattern WORD = Pattern.compile("[a-z]{2,}");

    private final Parley parley = new Parley();
    private final OnnxEmbeddingModel model = new OnnxEmbeddingModel();
    private final Random random = new Random();
    private final List<String> words;

    private IngestionBench(List<String> words) {
        this.words = words;
    }

    static void main() throws Exception {
        try {
            new IngestionBench(words()).run();
        } catch (Http.Refused e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(1);
        }
    }

    /// Of this project's own documentation, as often as they stand there.
    private static List<String> words() throws IOException {
        var text = new StringBuilder();
        try (var pages = Files.newDirectoryStream(Path.of("docs/guide"), "*.md")) {
            for (var page : pages) text.append(Files.readString(page).toLowerCase(Locale.ROOT));
        }
        return WORD.matcher(text).results().map(match -> match.group()).toList();
    }

    private void run() throws InterruptedException {
        System.err.println("Warming up");
        round(FILES / 4);
        System.out.println("| Round | Chunks | Ingestion, chunks/s | Model alone, chunks/s | Share |\n|---|---:|---:|---:|---:|");
        var shares = new ArrayList<Double>();
        for (int round = 1; round <= ROUNDS; round++) {
            var rates = round(FILES);
            shares.add(rates.ingestion() / rates.model());
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %d | %.1f | %.1f | %.1f %% |%n",
                    round,
                    rates.chunks(),
                    rates.ingestion(),
                    rates.model(),
                    100 * shares.getLast());
        }
        shares.sort(null);
        System.out.printf(Locale.ROOT, "%nMedian share: %.1f %%%n", 100 * shares.get(ROUNDS / 2));
    }

    private record Rates(int chunks, double ingestion, double model) {}

    private Rates round(int count) throws InterruptedException {
        var store = parley.createVectorStore("ingestion bench").path("id").asText();
        var files = new ArrayList<String>();
        try {
            IntStream.range(0, count).forEach(_ -> files.add(parley.upload("bench.txt", BodyPublishers.ofString(text()))));
            long start = System.nanoTime();
            var failures = parley.attach(store, files, new Progress("Indexing", count));
            double ingesting = seconds(start);
            if (!failures.isEmpty()) throw new Http.Refused(failures.getFirst().reason());
            var chunks = files.stream().map(file -> chunks(store, file)).flatMap(Collection::stream).toList();
            start = System.nanoTime();
            embed(chunks);
            return new Rates(chunks.size(), chunks.size() / ingesting, chunks.size() / seconds(start));
        } finally {
            parley.http.delete("/v1/vector_stores/" + store);
            files.forEach(file -> parley.http.delete("/v1/files/" + file));
        }
    }

    /// By as many threads as the server has workers by default.
    private void embed(List<String> chunks) throws InterruptedException {
        int half = chunks.size() / 2;
        Parley.inParallel(Stream.of(chunks.subList(0, half), chunks.subList(half, chunks.size()))
                .map(part -> () -> model.embed(part)));
    }

    private List<String> chunks(String store, String file) {
        var texts = new ArrayList<String>();
        for (JsonNode part : parley.http.get("/v1/vector_stores/%s/files/%s/content".formatted(store, file)).path("data")) {
            texts.add(part.path("text").asText());
        }
        return texts;
    }

    /// Without headings, so that what is embedded is the chunk's text alone; new in every run, so that nothing was
    /// embedded before.
    private String text() {
        var text = new StringBuilder();
        for (int i = 1; i <= SENTENCES; i++) {
            text.append(sentence()).append(i % 5 == 0 ? "\n\n" : " ");
        }
        return text.toString();
    }

    private String sentence() {
        var sentence = new StringJoiner(" ");
        for (int length = random.nextInt(8, 21); length > 0; length--) {
            sentence.add(words.get(random.nextInt(words.size())));
        }
        var text = sentence.toString();
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}

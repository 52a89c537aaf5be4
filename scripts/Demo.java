import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Documents in, a streamed answer with citations out, over the public API only.
///
/// Run by `./dev demo [PATH] [QUESTION]`.
final class Demo {

    private static final String MODEL = Http.environment("PARLEY_MODEL", "extractive");

    private final Parley parley = new Parley();
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final List<Parley.Failure> failures = new ArrayList<>();

    static void main(String[] arguments) throws Exception {
        try {
            var folder = Path.of(arguments[0]);
            new Demo().run(folder, String.join(" ", Arrays.asList(arguments).subList(1, arguments.length)));
        } catch (Http.Refused e) {
            System.err.println("demo: " + e.getMessage());
            System.exit(1);
        }
    }

    private void run(Path folder, String givenQuestion) throws IOException, InterruptedException {
        var store = ingest(folder);
        failures.forEach(failure -> System.err.printf("  failed: %s: %s%n", failure.file(), failure.reason()));
        if (names.isEmpty()) throw new Http.Refused("nothing to ask about: no file of " + folder + " was accepted");
        var question = givenQuestion.isBlank() ? ask(folder) : givenQuestion;
        System.out.printf("%n> %s%n%n", question);
        answer(store, question);
        System.out.printf("%nThe documents stay in vector store %s.%n", store);
    }

    private String ingest(Path folder) throws IOException, InterruptedException {
        var files = filesIn(folder);
        if (files.isEmpty()) throw new Http.Refused("no files in " + folder);
        var store = parley.createVectorStore("demo " + folder.getFileName()).path("id").asText();
        upload(folder, files);
        if (!names.isEmpty()) {
            for (var failure : parley.attach(store, List.copyOf(names.keySet()), new Progress("Indexing", names.size()))) {
                failures.add(new Parley.Failure(names.get(failure.file()), failure.reason()));
            }
        }
        return store;
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .filter(path -> !("/" + folder.relativize(path)).contains("/."))
                    .sorted()
                    .toList();
        }
    }

    private void upload(Path folder, List<Path> files) throws InterruptedException {
        var progress = new Progress("Uploading", files.size());
        var failed = new AtomicInteger();
        Parley.inParallel(files.stream().map(file -> () -> {
            var name = Files.isDirectory(folder) ? folder.relativize(file).toString() : file.getFileName().toString();
            try {
                names.put(parley.upload(name, BodyPublishers.ofFile(file)), name);
            } catch (IOException | Http.Refused e) {
                synchronized (failures) {
                    failures.add(new Parley.Failure(name, e.getMessage()));
                }
                failed.incrementAndGet();
            }
            progress.show(names.size(), failed.get());
        }));
    }

    private static String ask(Path folder) {
        var suggestion = folder.endsWith("samples")
                ? "How long is the battery of the Halden One covered by the warranty?"
                : "What are these documents about?";
        if (System.console() == null || !System.console().isTerminal()) return suggestion;
        var typed = System.console().readLine("%nYour question [%s]: ", suggestion);
        return typed == null || typed.isBlank() ? suggestion : typed;
    }

    private void answer(String store, String question) {
        var body = Http.JSON.createObjectNode().put("model", MODEL).put("stream", true);
        body.putArray("messages").addObject().put("role", "user").put("content", question);
        body.putObject("parley").putArray("vector_store_ids").add(store);
        var cited = new LinkedHashMap<String, String>();
        var receipt = new JsonNode[] {Http.JSON.missingNode()};
        parley.http.stream("/v1/chat/completions", body, chunk -> {
            System.out.print(chunk.at("/choices/0/delta/content").asText(""));
            System.out.flush();
            for (var annotation : chunk.at("/choices/0/delta/annotations")) {
                var citation = annotation.path("file_citation");
                var id = citation.path("file_id").asText();
                // The server keeps a file's name without its folder; here the folder tells two files apart.
                cited.put(id, names.getOrDefault(id, citation.path("filename").asText()));
            }
            if (chunk.has("parley")) receipt[0] = chunk.at("/parley/receipt");
        });
        System.out.println();
        printCitations(cited, receipt[0].path("passages"));
        System.out.printf("%nReceipt: %s%n", String.join(", ", facts("", receipt[0])));
    }

    private static void printCitations(Map<String, String> cited, JsonNode passages) {
        System.out.println(cited.isEmpty() ? "\nNo citations." : "\nCitations:");
        cited.forEach((id, name) -> {
            double score = 0;
            for (var passage : passages) {
                if (passage.path("file_id").asText().equals(id)) score = Math.max(score, passage.path("score").asDouble());
            }
            System.out.printf("  %s (score %.3f)%n", name, score);
        });
    }

    /// The receipt's single values in the order the server gives them; lists by their length.
    private static List<String> facts(String prefix, JsonNode node) {
        var facts = new ArrayList<String>();
        node.properties().forEach(field -> {
            var value = field.getValue();
            var name = prefix + field.getKey().replace('_', ' ');
            if (value.isObject()) facts.addAll(facts(name + " ", value));
            else if (value.isArray()) facts.add(value.size() + " " + name);
            else if (!value.isNull()) facts.add(name + " " + value.asText());
        });
        return facts;
    }
}

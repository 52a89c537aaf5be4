import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Measures retrieval on a collection, through the API: real ingestion, real search.
///
/// Run by `./dev eval [DIR]`. Progress goes to standard error, the result in Markdown to standard output.
final class Eval {

    private static final int DEPTH = 100;

    private final Parley parley = new Parley();
    private final Map<String, String> documentOfFile = new ConcurrentHashMap<>();
    private final Collection collection;

    private Eval(Collection collection) {
        this.collection = collection;
    }

    /// The ways to rank; a mode without weights is the server's default.
    private enum Mode {
        DENSE(1, 0),
        BM25(0, 1),
        FUSED;

        private final int[] weights;

        Mode(int... weights) {
            this.weights = weights;
        }
    }

    private record Score(double ndcg, double recall, double medianMillis) {}

    static void main(String[] arguments) throws Exception {
        Metrics.check();
        try {
            new Eval(Collection.read(Path.of(arguments[0]))).run();
        } catch (Http.Refused e) {
            System.err.println("eval: " + e.getMessage());
            System.exit(1);
        }
    }

    private void run() throws InterruptedException {
        var store = parley.createVectorStore("eval " + collection.name());
        var id = store.path("id").asText();
        try {
            long start = System.nanoTime();
            ingest(id);
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "Collection %s: %d documents ingested in %.0f s, %d queries; embedding model: %s%n%n",
                    collection.name(),
                    documentOfFile.size(),
                    seconds,
                    collection.queries().size(),
                    store.at("/parley/embedding_model").asText("none"));
            System.out.println("| Ranking | nDCG@10 | Recall@100 | Median search, ms |\n|---|---:|---:|---:|");
            for (var mode : Mode.values()) {
                var score = measure(id, mode);
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %.4f | %.4f | %.1f |%n",
                        mode.name().equals("BM25") ? "BM25" : mode.name().toLowerCase(Locale.ROOT),
                        score.ndcg(),
                        score.recall(),
                        score.medianMillis());
            }
        } finally {
            System.err.println("Deleting the collection from the server");
            parley.http.delete("/v1/vector_stores/" + id);
            Parley.inParallel(documentOfFile.keySet().stream().map(file -> () -> parley.http.delete("/v1/files/" + file)));
        }
    }

    private void ingest(String store) throws InterruptedException {
        var documents = collection.documents();
        var uploading = new Progress("Uploading", documents.size());
        Parley.inParallel(documents.entrySet().stream().map(document -> () -> {
            var name = URLEncoder.encode(document.getKey(), StandardCharsets.UTF_8) + ".html";
            var file = parley.upload(name, BodyPublishers.ofString(document.getValue()));
            documentOfFile.put(file, document.getKey());
            uploading.show(documentOfFile.size(), 0);
        }));
        var files = List.copyOf(documentOfFile.keySet());
        var failures = parley.attach(store, files, new Progress("Indexing", files.size()));
        for (var failure : failures) {
            System.err.printf("  failed: document %s: %s%n", documentOfFile.get(failure.file()), failure.reason());
        }
        if (!failures.isEmpty()) throw new Http.Refused(failures.size() + " documents failed, so the result would mislead");
    }

    private Score measure(String store, Mode mode) {
        double ndcg = 0;
        double recall = 0;
        var millis = new ArrayList<Double>();
        for (var query : collection.queries().entrySet()) {
            long start = System.nanoTime();
            var ranking = search(store, query.getValue(), mode);
            millis.add((System.nanoTime() - start) / 1e6);
            var grades = collection.grades().get(query.getKey());
            ndcg += Metrics.ndcg(ranking, grades, 10);
            recall += Metrics.recall(ranking, grades, DEPTH);
        }
        millis.sort(null);
        int queries = millis.size();
        return new Score(ndcg / queries, recall / queries, millis.get(queries / 2));
    }

    /// Documents by their best passage, best first.
    private List<String> search(String store, String query, Mode mode) {
        var body = Http.JSON.createObjectNode().put("query", query).put("max_num_results", DEPTH);
        if (mode.weights.length > 0) {
            body.putObject("ranking_options")
                    .putObject("hybrid_search")
                    .put("embedding_weight", mode.weights[0])
                    .put("text_weight", mode.weights[1]);
        }
        var documents = new LinkedHashSet<String>();
        for (JsonNode passage : parley.http.post("/v1/vector_stores/" + store + "/search", body).path("data")) {
            documents.add(documentOfFile.get(passage.path("file_id").asText()));
        }
        return List.copyOf(documents);
    }
}

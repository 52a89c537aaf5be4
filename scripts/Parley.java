import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/// What the demo and the evaluation ask of the files and vector stores API.
final class Parley {

    /// OpenAI's limit for one file batch.
    private static final int BATCH = 500;

    private static final int PARALLEL = 4;

    final Http http = new Http();

    record Failure(String file, String reason) {}

    /// Uploads a file and returns its id.
    String upload(String name, BodyPublisher content) {
        var boundary = UUID.randomUUID();
        var head = """
                --%1$s
                Content-Disposition: form-data; name="purpose"

                assistants
                --%1$s
                Content-Disposition: form-data; name="file"; filename="%2$s"
                Content-Type: application/octet-stream

                """.formatted(boundary, name.replace("\"", "%22").replaceAll("[\r\n]", " ")).replace("\n", "\r\n");
        var tail = "\r\n--" + boundary + "--\r\n";
        var body = BodyPublishers.concat(BodyPublishers.ofString(head), content, BodyPublishers.ofString(tail));
        return http.post("/v1/files", "multipart/form-data; boundary=" + boundary, body).path("id").asText();
    }

    JsonNode createVectorStore(String name) {
        return http.post("/v1/vector_stores", Http.JSON.createObjectNode().put("name", name));
    }

    /// Attaches files to a store, waits until each is indexed or has failed, and returns those that failed, by id.
    List<Failure> attach(String store, List<String> files, Progress progress) throws InterruptedException {
        var batches = new ArrayList<String>();
        for (int from = 0; from < files.size(); from += BATCH) {
            var body = Http.JSON.createObjectNode();
            files.subList(from, Math.min(from + BATCH, files.size())).forEach(body.putArray("file_ids")::add);
            var path = "/v1/vector_stores/" + store + "/file_batches";
            batches.add(path + "/" + http.post(path, body).path("id").asText());
        }
        while (!finished(batches, progress)) Thread.sleep(300);
        return batches.stream().flatMap(batch -> failures(batch).stream()).toList();
    }

    private boolean finished(List<String> batches, Progress progress) {
        var states = batches.stream().map(http::get).toList();
        int completed = states.stream().mapToInt(s -> s.at("/file_counts/completed").asInt()).sum();
        int failed = states.stream().mapToInt(s -> s.at("/file_counts/failed").asInt()).sum();
        progress.show(completed, failed);
        return states.stream().noneMatch(s -> s.path("status").asText().equals("in_progress"));
    }

    private List<Failure> failures(String batch) {
        var failures = new ArrayList<Failure>();
        var query = "/files?filter=failed&limit=100";
        for (var page = http.get(batch + query); ; ) {
            for (var file : page.path("data")) {
                failures.add(new Failure(file.path("id").asText(), file.at("/last_error/message").asText()));
            }
            if (!page.path("has_more").asBoolean()) return failures;
            page = http.get(batch + query + "&after=" + failures.getLast().file());
        }
    }

    /// Runs a few of the tasks at a time, and returns when all have run.
    static void inParallel(Stream<Runnable> tasks) throws InterruptedException {
        try (var pool = Executors.newFixedThreadPool(PARALLEL)) {
            for (var task : tasks.map(pool::submit).toList()) task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }
}

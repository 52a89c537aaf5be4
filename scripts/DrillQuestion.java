import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/// A request that is sent again and again, until it has one answer.
///
/// @param key its idempotency key, and its question
record DrillQuestion(String key, Kind kind) {

    enum Kind {
        CHAT("/v1/chat/completions", false),
        CHAT_STREAM("/v1/chat/completions", true),
        RESPONSE("/v1/responses", false),
        RESPONSE_STREAM("/v1/responses", true),
        BACKGROUND("/v1/responses", false);

        private final String path;
        private final boolean streamed;

        Kind(String path, boolean streamed) {
            this.path = path;
            this.streamed = streamed;
        }
    }

    /// What a client has of an answer.
    record Answer(int status, String text) {

        boolean isComing() {
            return status == 409;
        }
    }

    /// Empty when the connection broke.
    Optional<Answer> ask(HttpClient client, String url, String apiKey) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + kind.path))
                .timeout(Duration.ofSeconds(90))
                .header("Authorization", "Bearer " + apiKey)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body().toString()))
                .build();
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return Optional.of(new Answer(response.statusCode(), essence(response.body())));
        } catch (IOException broken) {
            return Optional.empty();
        }
    }

    private ObjectNode body() {
        var body = Http.JSON.createObjectNode().put("model", "drill").put("stream", kind.streamed);
        if (kind.path.endsWith("responses")) {
            return body.put("input", key).put("background", kind == Kind.BACKGROUND);
        }
        body.putArray("messages").addObject().put("role", "user").put("content", key);
        return body;
    }

    /// Heartbeats come when they come, and work in the background is told as it stands: only its id stays.
    private String essence(String body) throws IOException {
        if (kind == Kind.BACKGROUND) {
            var tree = Http.JSON.readTree(body);
            return tree.has("id") ? tree.path("id").asText() : tree.at("/error/code").asText();
        }
        return body.replaceAll("(?m)^:.*\n\n", "");
    }
}

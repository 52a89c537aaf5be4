import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/// JSON over HTTP with a bearer key. What the server refuses becomes a [Refused] with its message.
final class Http {

    static final ObjectMapper JSON = new ObjectMapper();
    private static final int ATTEMPTS = 6;

    private final String url = environment("PARLEY_URL", "http://localhost:8080").replaceAll("/+$", "");
    private final String key = environment("PARLEY_API_KEY", "sk-parley-dev");
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    static final class Refused extends RuntimeException {
        Refused(String message) {
            super(message);
        }
    }

    static String environment(String name, String fallback) {
        var value = System.getenv(name);
        return value == null || value.isBlank() ? fallback : value;
    }

    JsonNode get(String path) {
        return json(request(path).GET());
    }

    JsonNode post(String path, JsonNode body) {
        return post(path, "application/json", BodyPublishers.ofString(body.toString()));
    }

    JsonNode post(String path, String contentType, BodyPublisher body) {
        return json(request(path).header("Content-Type", contentType).POST(body));
    }

    JsonNode put(String path, JsonNode body) {
        return json(request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body.toString())));
    }

    JsonNode delete(String path) {
        return json(request(path).DELETE());
    }

    /// Posts, and hands on each server-sent event until `[DONE]`; an `error` event is thrown.
    void stream(String path, JsonNode body, Consumer<JsonNode> eachEvent) {
        var request =
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body.toString()));
        try (var lines = new BufferedReader(new InputStreamReader(send(request), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("data:") || line.endsWith("[DONE]")) continue;
                var event = JSON.readTree(line.substring("data:".length()));
                if (event.has("error")) throw new Refused(event.at("/error/message").asText());
                eachEvent.accept(event);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + key);
    }

    private JsonNode json(HttpRequest.Builder request) {
        try (var body = send(request)) {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits and tries again where the server says that it is only busy.
    private InputStream send(HttpRequest.Builder builder) {
        var request = builder.build();
        try {
            for (int attempt = 1; ; attempt++) {
                var response = client.send(request, BodyHandlers.ofInputStream());
                int status = response.statusCode();
                if (status < 300) return response.body();
                var refusal = refusal(status, response.body());
                if ((status != 429 && status != 503) || attempt == ATTEMPTS) throw refusal;
                Thread.sleep(1000 * response.headers().firstValueAsLong("Retry-After").orElse(1));
            }
        } catch (IOException e) {
            throw new Refused("no answer from %s: %s".formatted(request.uri(), e));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Refused refusal(int status, InputStream body) throws IOException {
        try (body) {
            var text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            var message = text.startsWith("{") ? JSON.readTree(text).at("/error/message").asText() : text;
            return new Refused(message.isBlank() ? "status " + status : message + " (status " + status + ")");
        }
    }
}

package dev.parley.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.testing.Api;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A streamed turn as its client sees it, event by event.
public final class EventStream implements Closeable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient client;
    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;
    private final List<String> comments = new ArrayList<>();
    private boolean done;

    private EventStream(HttpClient client, HttpResponse<InputStream> response) {
        this.client = client;
        this.response = response;
        this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    public static EventStream open(String key, String body) {
        return open(Api.url(), key, body);
    }

    public static EventStream open(String url, String key, String body) {
        return send(url + "/v1/chat/completions", key, HttpRequest.BodyPublishers.ofString(body));
    }

    public static EventStream post(String key, String path, String body) {
        return post(Api.url(), key, path, body);
    }

    public static EventStream post(String url, String key, String path, String body) {
        return send(url + path, key, HttpRequest.BodyPublishers.ofString(body));
    }

    public static EventStream get(String key, String path) {
        return get(Api.url(), key, path);
    }

    public static EventStream get(String url, String key, String path) {
        return send(url + path, key, null);
    }

    private static EventStream send(String url, String key, HttpRequest.BodyPublisher body) {
        var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var request = HttpRequest.newBuilder(URI.create(url))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(body == null ? "GET" : "POST", body == null ? HttpRequest.BodyPublishers.noBody() : body)
                .build();
        try {
            return new EventStream(client, client.send(request, HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    public int status() {
        return response.statusCode();
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /// The next event's JSON; null at the end.
    public JsonNode next() {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    comments.add(line);
                } else if (line.equals("data: [DONE]")) {
                    done = true;
                } else if (line.startsWith("data: ")) {
                    return JSON.readTree(line.substring("data: ".length()));
                }
            }
            return null;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public List<JsonNode> next(int count) {
        var events = new ArrayList<JsonNode>();
        while (events.size() < count) {
            events.add(next());
        }
        return events;
    }

    public List<JsonNode> rest() {
        var events = new ArrayList<JsonNode>();
        for (JsonNode event = next(); event != null; event = next()) {
            events.add(event);
        }
        return events;
    }

    /// Whether `[DONE]` came.
    public boolean isDone() {
        return done;
    }

    public List<String> comments() {
        return comments;
    }

    /// Hangs up, whether the stream ended or not.
    @Override
    public void close() {
        client.shutdownNow();
    }

    public static String text(List<JsonNode> events) {
        var text = new StringBuilder();
        events.forEach(event -> text.append(event.at("/choices/0/delta/content").asText("")));
        return text.toString();
    }
}

package dev.parley.testing;

import static dev.parley.testing.ScriptedProvider.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The scripted provider's HTTP server: `/v1/messages` speaks Anthropic's protocol, the rest of `/v1/…` OpenAI's,
/// `/v1beta/…` Gemini's, `/model/…` Bedrock's; `/scripts/{marker}` and `/gates/{name}` are for tests, which
/// reach it by HTTP alone because it may live in another class loader.
public final class ScriptedServer implements AutoCloseable {

    private record Scripted(List<Reply> replies, List<RecordedRequest> requests) {}

    private final Map<String, Scripted> scripts = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    public ScriptedServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/scripts/", this::control);
        server.createContext("/gates/", ScriptedServer::openGate);
        server.createContext("/v1/chat/completions", exchange -> answer(exchange, ChatWire::new));
        server.createContext("/v1/messages", exchange -> answer(exchange, AnthropicWire::new));
        server.createContext("/model/", exchange -> answer(exchange, BedrockWire::new));
        server.createContext("/v1/embeddings", exchange -> answer(exchange, EmbeddingsWire::new));
        server.createContext("/v1beta/models/", exchange -> answer(exchange, GeminiWire::new));
        server.start();
    }

    /// Where it listens, without `/v1`.
    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void control(HttpExchange exchange) throws IOException {
        String marker = exchange.getRequestURI().getPath().substring("/scripts/".length());
        try (exchange) {
            if (exchange.getRequestMethod().equals("PUT")) {
                Reply[] replies = JSON.readValue(exchange.getRequestBody(), Reply[].class);
                scripts.put(marker, new Scripted(new CopyOnWriteArrayList<>(replies), new CopyOnWriteArrayList<>()));
                send(exchange, 200, "{}");
            } else {
                send(exchange, 200, JSON.writeValueAsString(scripts.get(marker).requests()));
            }
        }
    }

    private static void openGate(HttpExchange exchange) throws IOException {
        try (exchange) {
            Gates.open(exchange.getRequestURI().getPath().substring("/gates/".length()));
            send(exchange, 200, "{}");
        }
    }

    private interface WireFactory {
        Wire create(JsonNode request, Reply reply);
    }

    private void answer(HttpExchange exchange, WireFactory wire) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        JsonNode request = JSON.readTree(body);
        var script = scripts.entrySet().stream()
                .filter(entry -> body.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> new Scripted(List.of(echo(request)), new CopyOnWriteArrayList<>()));
        var recorded = new RecordedRequest(exchange.getRequestURI().getPath(), headers(exchange), request, false);
        script.requests().add(recorded);
        try (exchange) {
            wire.create(request, next(script, recorded.model())).answer(exchange);
        } catch (IOException closedByClient) {
            script.requests()
                    .replaceAll(other -> other == recorded
                            ? new RecordedRequest(recorded.path(), recorded.headers(), recorded.body(), true)
                            : other);
        }
    }

    /// The next reply for a model; the last one stays.
    private static Reply next(Scripted script, String model) {
        synchronized (script) {
            List<Reply> mine = script.replies().stream()
                    .filter(reply -> reply.model() == null || reply.model().equals(model))
                    .toList();
            if (mine.isEmpty()) {
                return Reply.error(404, "model_not_found", "No reply is scripted for model " + model);
            }
            if (mine.size() > 1) {
                script.replies().remove(mine.getFirst());
            }
            return mine.getFirst();
        }
    }

    private static Reply echo(JsonNode request) {
        JsonNode messages = request.path("messages");
        JsonNode content = messages.path(messages.size() - 1).path("content");
        return Reply.text("You said: " + (content.isTextual() ? content.asText() : content.toString()));
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        return headers;
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// A model provider on this machine that speaks OpenAI's chat completions, takes its time, and counts who asked.
final class DrillProvider implements AutoCloseable {

    private static final int WORDS = 12;
    private static final int SLOWEST_WORD_MS = 60;

    private final HttpServer server;
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    private DrillProvider(HttpServer server) {
        this.server = server;
    }

    static DrillProvider start() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var provider = new DrillProvider(server);
        server.createContext("/v1/chat/completions", provider::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return provider;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /// How often a question was asked.
    int calls(String question) {
        return calls.getOrDefault(question, new AtomicInteger()).get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = Http.JSON.readTree(exchange.getRequestBody());
            var question = lastQuestion(request);
            calls.computeIfAbsent(question, _ -> new AtomicInteger()).incrementAndGet();
            if (request.path("stream").asBoolean()) {
                stream(exchange, question);
            } else {
                whole(exchange, question);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static String lastQuestion(JsonNode request) {
        var messages = request.path("messages");
        return messages.get(messages.size() - 1).path("content").asText();
    }

    private static void whole(HttpExchange exchange, String question) throws IOException, InterruptedException {
        for (int word = 0; word < WORDS; word++) pause();
        var body = Http.JSON.createObjectNode().put("id", "drill").put("object", "chat.completion").put("model", "drill");
        var choice = body.putArray("choices").addObject().put("index", 0).put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", "Answer to " + question);
        body.putObject("usage").put("prompt_tokens", 20).put("completion_tokens", WORDS).put("total_tokens", 20 + WORDS);
        var bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void stream(HttpExchange exchange, String question) throws IOException, InterruptedException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        for (int word = 0; word < WORDS; word++) {
            pause();
            send(exchange, "{\"content\": \"word%d \"}".formatted(word), "null", "null");
        }
        send(exchange, "{}", "\"stop\"", "{\"prompt_tokens\": 20, \"completion_tokens\": %d}".formatted(WORDS));
        exchange.getResponseBody().write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, String delta, String finish, String usage) throws IOException {
        var chunk = """
                data: {"id": "drill", "object": "chat.completion.chunk", "model": "drill", "usage": %s, \
                "choices": [{"index": 0, "delta": %s, "finish_reason": %s}]}

                """.formatted(usage, delta, finish);
        exchange.getResponseBody().write(chunk.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private static void pause() throws InterruptedException {
        Thread.sleep(ThreadLocalRandom.current().nextInt(SLOWEST_WORD_MS));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package dev.parley.testing;

import static dev.parley.testing.ScriptedProvider.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.eclipse.microprofile.config.ConfigProvider;

/// A remote MCP server that behaves as told. A test with the profile [McpServersReached] starts one:
///
/// ```java
/// try (var remote = ScriptedMcpServer.start()) {
///     remote.tool("weather", "Tells the weather.", arguments -> Outcome.text("Sunny in " +
// arguments.path("city").asText()));
///     // register remote.url() at /v1/mcp_servers
/// }
/// ```
public final class ScriptedMcpServer implements AutoCloseable {

    /// How clients begin.
    public enum Era {
        /// Revision 2026-07-28: each request by itself.
        STATELESS,
        /// Revision 2025-11-25: a handshake, and a session.
        SESSIONS
    }

    /// What a call comes to.
    public sealed interface Outcome {

        static Outcome text(String text) {
            return new Result(object("content", List.of(Map.of("type", "text", "text", text))));
        }

        static Outcome failure(String text) {
            ObjectNode result = object("content", List.of(Map.of("type", "text", "text", text)));
            return new Result(result.put("isError", true));
        }

        /// Any result.
        record Result(ObjectNode result) implements Outcome {}

        /// A JSON-RPC error.
        record Error(int code, String message) implements Outcome {}

        /// A status with an empty body.
        record Status(int status) implements Outcome {}

        /// The connection ends without an answer.
        record Cut() implements Outcome {}

        /// No answer, until the server is closed.
        record Stall() implements Outcome {}
    }

    /// @param http the method
    /// @param body null where there was none
    public record Received(String http, Map<String, String> headers, JsonNode body) {

        public String method() {
            return body == null ? "" : body.path("method").asText();
        }
    }

    private record Offered(JsonNode definition, Function<JsonNode, Outcome> does) {}

    private final Map<String, Offered> tools = new LinkedHashMap<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Set<String> sessions = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    private volatile Era era = Era.STATELESS;
    private volatile boolean events;
    private volatile boolean endless;
    private volatile int expiring;
    private volatile String authorization;

    private ScriptedMcpServer(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(threads);
        server.createContext("/mcp", this::serve);
        server.start();
    }

    public static ScriptedMcpServer start() {
        try {
            return new ScriptedMcpServer(
                    ConfigProvider.getConfig().getValue(McpServersReached.PORT_PROPERTY, Integer.class));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/mcp";
    }

    public ScriptedMcpServer speaking(Era other) {
        era = other;
        return this;
    }

    /// Answers are streams of events, with a ping and a notification before the response.
    public ScriptedMcpServer inEvents() {
        events = true;
        return this;
    }

    /// Every page of tools names a next one.
    public ScriptedMcpServer endless() {
        endless = true;
        return this;
    }

    /// So many of the next sessions are over after their handshake.
    public ScriptedMcpServer expiring(int next) {
        expiring = next;
        return this;
    }

    /// Answers 401 to anything else.
    public ScriptedMcpServer demanding(String header) {
        authorization = header;
        return this;
    }

    /// A tool with one argument, `city`.
    public ScriptedMcpServer tool(String name, String description, Function<JsonNode, Outcome> does) {
        return tool(name, description, "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}", does);
    }

    /// Replaces the one with this name.
    public ScriptedMcpServer tool(String name, String description, String schema, Function<JsonNode, Outcome> does) {
        ObjectNode definition = JSON.createObjectNode().put("name", name).put("description", description);
        definition.set("inputSchema", tree(schema));
        definition.set("annotations", tree("{\"readOnlyHint\":true,\"destructiveHint\":false,\"title\":\"Harmless\"}"));
        tools.put(name, new Offered(definition, does));
        return this;
    }

    public void withdraw(String name) {
        tools.remove(name);
    }

    public List<Received> received() {
        return received;
    }

    /// Requests of one JSON-RPC method.
    public List<Received> received(String method) {
        return received.stream()
                .filter(request -> request.method().equals(method))
                .toList();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] bytes = exchange.getRequestBody().readAllBytes();
            JsonNode body = bytes.length == 0 ? null : JSON.readTree(bytes);
            var request = new Received(exchange.getRequestMethod(), headers(exchange), body);
            received.add(request);
            if (authorization != null && !authorization.equals(request.headers().get("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
            } else if (body == null) {
                sessions.remove(request.headers().get("Mcp-Session-Id"));
                exchange.sendResponseHeaders(204, -1);
            } else if (era == Era.STATELESS) {
                stateless(exchange, request);
            } else {
                inSession(exchange, request);
            }
        }
    }

    private void stateless(HttpExchange exchange, Received request) throws IOException {
        if (!"2026-07-28".equals(request.headers().get("MCP-Protocol-Version"))) {
            send(exchange, 400, error(request, -32022, "Unsupported protocol version"));
        } else {
            answer(exchange, request);
        }
    }

    private void inSession(HttpExchange exchange, Received request) throws IOException {
        String session = request.headers().get("Mcp-Session-Id");
        switch (request.method()) {
            case "initialize" -> {
                String id = UUID.randomUUID().toString();
                sessions.add(id);
                exchange.getResponseHeaders().set("Mcp-Session-Id", id);
                ObjectNode result = JSON.createObjectNode().put("protocolVersion", "2025-11-25");
                result.set("capabilities", tree("{\"tools\":{}}"));
                result.set("serverInfo", tree("{\"name\":\"scripted\",\"version\":\"1\"}"));
                respond(exchange, request, result);
            }
            case "notifications/initialized" -> {
                if (expiring > 0) {
                    expiring--;
                    sessions.remove(session);
                }
                exchange.sendResponseHeaders(202, -1);
            }
            default -> {
                if (session == null) {
                    send(exchange, 400, error(request, -32000, "Bad Request: Server not initialized"));
                } else if (!sessions.contains(session)) {
                    send(exchange, 404, error(request, -32001, "Session not found"));
                } else {
                    answer(exchange, request);
                }
            }
        }
    }

    private void answer(HttpExchange exchange, Received request) throws IOException {
        switch (request.method()) {
            case "tools/list" -> respond(exchange, request, listed());
            case "tools/call" -> call(exchange, request);
            default -> send(exchange, 404, error(request, -32601, "Method not found"));
        }
    }

    private ObjectNode listed() {
        ObjectNode result =
                object("tools", tools.values().stream().map(Offered::definition).toList());
        return endless ? result.put("nextCursor", "more") : result;
    }

    private void call(HttpExchange exchange, Received request) throws IOException {
        Offered tool = tools.get(request.body().at("/params/name").asText());
        Outcome outcome = tool == null
                ? new Outcome.Error(-32602, "Unknown tool")
                : tool.does().apply(request.body().at("/params/arguments"));
        switch (outcome) {
            case Outcome.Result(ObjectNode result) -> respond(exchange, request, result);
            case Outcome.Error(int code, String message) -> send(exchange, 200, error(request, code, message));
            case Outcome.Status(int status) -> exchange.sendResponseHeaders(status, -1);
            case Outcome.Cut _ -> {} // the exchange is closed without a response
            case Outcome.Stall _ -> stall();
        }
    }

    private void stall() {
        try {
            closed.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void respond(HttpExchange exchange, Received request, ObjectNode result) throws IOException {
        if (era == Era.STATELESS) {
            result.put("resultType", "complete");
        }
        ObjectNode message = message(request);
        message.set("result", result);
        if (!events) {
            send(exchange, 200, message);
            return;
        }
        String stream = """
                : hello

                data: {"jsonrpc":"2.0","id":99,"method":"ping"}

                event: message
                data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}

                event: message
                data: %s

                """.formatted(message);
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(bytes);
    }

    private static ObjectNode error(Received request, int code, String message) {
        ObjectNode answer = message(request);
        answer.putObject("error").put("code", code).put("message", message);
        return answer;
    }

    private static ObjectNode message(Received request) {
        ObjectNode message = JSON.createObjectNode().put("jsonrpc", "2.0");
        message.set("id", request.body().get("id"));
        return message;
    }

    private static ObjectNode object(String name, Object value) {
        ObjectNode object = JSON.createObjectNode();
        object.set(name, JSON.valueToTree(value));
        return object;
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException invalid) {
            throw new IllegalArgumentException(invalid);
        }
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        ScriptedServer.send(exchange, status, body.toString());
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        return headers;
    }
}

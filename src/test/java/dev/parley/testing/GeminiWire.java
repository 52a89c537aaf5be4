package dev.parley.testing;

import static dev.parley.testing.ScriptedProvider.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Gemini's chat, whole or as server-sent events, and its embeddings. Its tool calls come whole and without an id; it
/// knows steps of text, tool calls and [Step.Raw] answers only. Finish reasons but `stop` and `tool_calls` are
/// Gemini's.
final class GeminiWire extends Wire {

    GeminiWire(JsonNode request, Reply reply) {
        super(request, reply);
    }

    @Override
    void answerSteps(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        switch (path.substring(path.lastIndexOf(':') + 1)) {
            case "generateContent" -> ScriptedServer.send(exchange, 200, whole());
            case "streamGenerateContent" -> stream(exchange);
            case "embedContent" -> ScriptedServer.send(exchange, 200, embedding());
            case "batchEmbedContents" -> ScriptedServer.send(exchange, 200, embeddings());
            default -> ScriptedServer.send(exchange, 404, error());
        }
    }

    @Override
    String error() {
        var body = JSON.createObjectNode();
        body.putObject("error")
                .put("code", reply.status())
                .put("message", reply.error())
                .put("status", reply.errorCode());
        return body.toString();
    }

    private String whole() throws IOException {
        return reply.steps().getFirst() instanceof Step.Raw raw ? raw.data() : ended(answer(merged(parts())));
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        if (reply.steps().getFirst() instanceof Step.Raw raw) {
            event(exchange, raw.data());
            return;
        }
        List<ObjectNode> parts = parts();
        for (int i = 0; i < parts.size() - 1; i++) {
            event(exchange, answer(parts.subList(i, i + 1)).toString());
        }
        event(exchange, ended(answer(parts.subList(Math.max(0, parts.size() - 1), parts.size()))));
    }

    private static void event(HttpExchange exchange, String data) throws IOException {
        exchange.getResponseBody().write(("data: " + data + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private List<ObjectNode> parts() throws IOException {
        var parts = JSON.createArrayNode();
        for (Step step : reply.steps()) {
            switch (step) {
                case Step.Text text -> parts.addObject().put("text", text.delta());
                case Step.ToolCall call ->
                    parts.addObject()
                            .putObject("functionCall")
                            .put("name", call.name())
                            .set("args", JSON.readTree(call.arguments()));
                case Step.Pause pause -> pause(pause.millis());
                case Step.Gate gate -> Gates.await(gate.name());
                default -> throw new IllegalArgumentException("Not on Gemini's wire: " + step);
            }
        }
        return parts.valueStream().map(ObjectNode.class::cast).toList();
    }

    /// Texts that follow each other are one part when they are not streamed.
    private static List<ObjectNode> merged(List<ObjectNode> parts) {
        var merged = new ArrayList<ObjectNode>();
        for (ObjectNode part : parts) {
            if (part.has("text") && !merged.isEmpty() && merged.getLast().has("text")) {
                String before = merged.getLast().path("text").asText();
                merged.getLast().put("text", before + part.path("text").asText());
            } else {
                merged.add(part);
            }
        }
        return merged;
    }

    private static ObjectNode answer(List<ObjectNode> parts) {
        ObjectNode answer =
                JSON.createObjectNode().put("responseId", "gemini-1").put("modelVersion", "scripted-gemini");
        ObjectNode candidate = answer.putArray("candidates").addObject().put("index", 0);
        if (!parts.isEmpty()) {
            candidate
                    .putObject("content")
                    .put("role", "model")
                    .putArray("parts")
                    .addAll(parts);
        }
        return answer;
    }

    private String ended(ObjectNode answer) {
        ((ObjectNode) answer.at("/candidates/0")).put("finishReason", finishReason());
        int[] tokens = reply.usage();
        ObjectNode usage = answer.putObject("usageMetadata")
                .put("promptTokenCount", tokens[0])
                .put("totalTokenCount", tokens[0] + tokens[2]);
        putIfAny(usage, "cachedContentTokenCount", tokens[1]);
        putIfAny(usage, "candidatesTokenCount", tokens[2] - tokens[3]);
        putIfAny(usage, "thoughtsTokenCount", tokens[3]);
        return answer.toString();
    }

    private String finishReason() {
        return switch (reply.finishReason()) {
            case "stop", "tool_calls" -> "STOP";
            default -> reply.finishReason();
        };
    }

    /// Gemini leaves counts of nothing out.
    private static void putIfAny(ObjectNode usage, String field, int tokens) {
        if (tokens > 0) {
            usage.put(field, tokens);
        }
    }

    private String embedding() {
        var body = JSON.createObjectNode();
        body.set("embedding", vector(request));
        return body.toString();
    }

    private String embeddings() {
        var body = JSON.createObjectNode();
        ArrayNode embeddings = body.putArray("embeddings");
        request.path("requests").forEach(each -> embeddings.add(vector(each)));
        return body.toString();
    }

    private static ObjectNode vector(JsonNode request) {
        String text = request.at("/content/parts/0/text").asText();
        int dimensions = request.path("outputDimensionality").asInt(EmbeddingsWire.DIMENSIONS);
        var vector = JSON.createObjectNode();
        vector.set("values", EmbeddingsWire.vector(text, dimensions));
        return vector;
    }
}

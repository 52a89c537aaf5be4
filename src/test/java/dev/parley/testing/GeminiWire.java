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
/// knows steps of text and tool calls only.
final class GeminiWire extends Wire {

    GeminiWire(JsonNode request, Reply reply) {
        super(request, reply);
    }

    @Override
    void answerSteps(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        switch (path.substring(path.lastIndexOf(':') + 1)) {
            case "generateContent" -> ScriptedServer.send(exchange, 200, ended(answer(merged(parts()))));
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

    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        List<ObjectNode> parts = parts();
        for (int i = 0; i < parts.size(); i++) {
            ObjectNode chunk = answer(parts.subList(i, i + 1));
            String data = i == parts.size() - 1 ? ended(chunk) : chunk.toString();
            exchange.getResponseBody().write(("data: " + data + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        }
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
        candidate.putObject("content").put("role", "model").putArray("parts").addAll(parts);
        return answer;
    }

    private String ended(ObjectNode answer) {
        ((ObjectNode) answer.at("/candidates/0")).put("finishReason", "STOP");
        int[] tokens = reply.usage();
        answer.putObject("usageMetadata")
                .put("promptTokenCount", tokens[0])
                .put("candidatesTokenCount", tokens[2])
                .put("totalTokenCount", tokens[0] + tokens[2]);
        return answer.toString();
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

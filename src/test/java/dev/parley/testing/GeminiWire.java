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
import java.util.Optional;

/// Gemini's chat, whole or as server-sent events, and its embeddings. Its tool calls come whole and without an id; a
/// [Step.Raw] is its whole answer. Finish reasons but `stop`, `tool_calls`, `length` and `content_filter` are
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
        var parts = new ArrayList<ObjectNode>();
        for (Step step : reply.steps()) {
            if (step instanceof Step.Raw raw) {
                return raw.data();
            }
            part(step).ifPresent(parts::add);
        }
        return ended(answer(merged(parts)));
    }

    /// The last part comes with the end, as Gemini sends it.
    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        if (reply.steps().stream().anyMatch(Step.Cut.class::isInstance)) {
            startCuttable(exchange);
        } else {
            exchange.sendResponseHeaders(200, 0);
        }
        var waiting = new ArrayList<ObjectNode>();
        for (Step step : reply.steps()) {
            if (step instanceof Step.Raw raw) {
                event(exchange, raw.data());
                return;
            }
            boolean breaks = step instanceof Step.Cut || step instanceof Step.Stall;
            if (!waiting.isEmpty() && (breaks || !(step instanceof Step.Pause))) {
                event(exchange, answer(waiting).toString());
                waiting.clear();
            }
            if (step instanceof Step.Cut) {
                cut(exchange, true, "");
                return;
            }
            part(step).ifPresent(waiting::add);
        }
        if (reply.finishReason() != null) {
            event(exchange, ended(answer(waiting)));
        }
    }

    private static void event(HttpExchange exchange, String data) throws IOException {
        exchange.getResponseBody().write(("data: " + data + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    /// What a step puts into the answer, if anything.
    private static Optional<ObjectNode> part(Step step) throws IOException {
        ObjectNode part = JSON.createObjectNode();
        switch (step) {
            case Step.Text text -> part.put("text", text.delta());
            case Step.ToolCall call ->
                part.putObject("functionCall").put("name", call.name()).set("args", JSON.readTree(call.arguments()));
            case Step.Pause pause -> pause(pause.millis());
            case Step.Gate gate -> Gates.await(gate.name());
            case Step.Stall stall -> stall();
            default -> throw new IllegalArgumentException("Not on Gemini's wire: " + step);
        }
        return part.isEmpty() ? Optional.empty() : Optional.of(part);
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
            case "length" -> "MAX_TOKENS";
            case "content_filter" -> "SAFETY";
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

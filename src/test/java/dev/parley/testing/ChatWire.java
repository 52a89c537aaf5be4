package dev.parley.testing;

import static dev.parley.testing.ScriptedProvider.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Chat completions, whole or as server-sent events.
final class ChatWire extends Wire {

    ChatWire(JsonNode request, Reply reply) {
        super(request, reply);
    }

    @Override
    void answerSteps(HttpExchange exchange) throws IOException {
        if (request.path("stream").asBoolean()) {
            stream(exchange);
        } else {
            whole(exchange);
        }
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        boolean cuts = reply.steps().stream().anyMatch(Step.Cut.class::isInstance);
        if (cuts) {
            startCuttable(exchange);
        } else {
            exchange.sendResponseHeaders(200, 0);
        }
        event(exchange, chunk(delta().put("role", "assistant").put("content", ""), null));
        for (Step step : reply.steps()) {
            switch (step) {
                case Step.Text text -> event(exchange, chunk(delta().put("content", text.delta()), null));
                case Step.Refusal refusal -> event(exchange, chunk(delta().put("refusal", refusal.delta()), null));
                case Step.ToolCall call -> event(exchange, chunk(toolDelta(call), null));
                case Step.Pause pause -> pause(pause.millis());
                case Step.Gate gate -> Gates.await(gate.name());
                case Step.Stall stall -> stall();
                case Step.Raw raw -> event(exchange, raw.data());
                case Step.Failure failure -> {
                    event(exchange, failure(failure));
                    return;
                }
                case Step.Cut cut -> {
                    cut(exchange, true, "");
                    return;
                }
            }
        }
        finish(exchange);
    }

    private void finish(HttpExchange exchange) throws IOException {
        if (reply.finishReason() != null) {
            event(exchange, chunk(delta(), reply.finishReason()));
        }
        if (reply.usage() != null
                && request.path("stream_options").path("include_usage").asBoolean()) {
            ObjectNode last = envelope("chat.completion.chunk");
            last.putArray("choices");
            last.set("usage", usage());
            event(exchange, last.toString());
        }
        event(exchange, "[DONE]");
    }

    private void whole(HttpExchange exchange) throws IOException {
        ObjectNode message = JSON.createObjectNode().put("role", "assistant");
        for (Step step : reply.steps()) {
            switch (step) {
                case Step.Text text -> append(message, "content", text.delta());
                case Step.Refusal refusal -> append(message, "refusal", refusal.delta());
                case Step.ToolCall call -> mergeToolCall(message, call);
                case Step.Pause pause -> pause(pause.millis());
                case Step.Gate gate -> Gates.await(gate.name());
                case Step.Stall stall -> stall();
                case Step.Raw raw -> {
                    ScriptedServer.send(exchange, 200, raw.data());
                    return;
                }
                case Step.Failure failure -> throw new IllegalArgumentException("Not streamed: " + failure);
                case Step.Cut cut -> {
                    cut(exchange, false, "{\"id\":\"chatcmpl-1\",");
                    return;
                }
            }
        }
        ScriptedServer.send(exchange, 200, completion(message));
    }

    private String completion(ObjectNode message) {
        ObjectNode body = envelope("chat.completion");
        body.putArray("choices")
                .addObject()
                .put("index", 0)
                .put("finish_reason", reply.finishReason())
                .set("message", message);
        if (reply.usage() != null) {
            body.set("usage", usage());
        }
        return body.toString();
    }

    private static void append(ObjectNode message, String field, String delta) {
        message.put(field, message.path(field).asText("") + delta);
    }

    private static void mergeToolCall(ObjectNode message, Step.ToolCall call) {
        var calls = message.withArray("tool_calls");
        if (calls.size() <= call.index()) {
            calls.addObject()
                    .put("id", call.id())
                    .put("type", "function")
                    .putObject("function")
                    .put("name", call.name())
                    .put("arguments", "");
        }
        append((ObjectNode) calls.get(call.index()).path("function"), "arguments", call.arguments());
    }

    private static ObjectNode toolDelta(Step.ToolCall call) {
        ObjectNode delta = delta();
        ObjectNode piece = delta.putArray("tool_calls").addObject().put("index", call.index());
        ObjectNode function = JSON.createObjectNode().put("arguments", call.arguments());
        if (call.id() != null) {
            piece.put("id", call.id()).put("type", "function");
            function.put("name", call.name());
        }
        piece.set("function", function);
        return delta;
    }

    private static String failure(Step.Failure failure) {
        ObjectNode event = JSON.createObjectNode();
        event.putObject("error").put("code", failure.type()).put("message", failure.message());
        return event.toString();
    }

    private static ObjectNode delta() {
        return JSON.createObjectNode();
    }

    private String chunk(ObjectNode delta, String finishReason) {
        ObjectNode chunk = envelope("chat.completion.chunk");
        chunk.putArray("choices")
                .addObject()
                .put("index", 0)
                .put("finish_reason", finishReason)
                .set("delta", delta);
        return chunk.toString();
    }

    private ObjectNode envelope(String object) {
        return JSON.createObjectNode()
                .put("id", "chatcmpl-1")
                .put("object", object)
                .put("created", 1_700_000_000)
                .put("model", request.path("model").asText());
    }

    private ObjectNode usage() {
        int[] tokens = reply.usage();
        ObjectNode usage = JSON.createObjectNode()
                .put("prompt_tokens", tokens[0])
                .put("completion_tokens", tokens[2])
                .put("total_tokens", tokens[0] + tokens[2]);
        usage.putObject("prompt_tokens_details").put("cached_tokens", tokens[1]);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", tokens[3]);
        return usage;
    }

    private static void event(HttpExchange exchange, String data) throws IOException {
        exchange.getResponseBody().write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }
}

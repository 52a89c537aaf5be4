package dev.parley.testing;

import static dev.parley.testing.ScriptedProvider.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// Anthropic's messages, whole or as server-sent events. Finish reasons but `stop`, `tool_calls`, `length` and
/// `content_filter` are Anthropic's.
final class AnthropicWire extends Wire {

    /// Blocks of tool calls by the call's index; text is a block of its own before them.
    private final Map<Integer, Integer> blocks = new HashMap<>();

    private int open = -1;
    private int next;

    AnthropicWire(JsonNode request, Reply reply) {
        super(request, reply);
    }

    @Override
    String error() {
        return error(reply.errorCode(), reply.error()).toString();
    }

    private static ObjectNode error(String type, String message) {
        var body = JSON.createObjectNode().put("type", "error");
        body.putObject("error").put("type", type).put("message", message);
        return body.put("request_id", "req_1");
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
        if (reply.steps().stream().anyMatch(Step.Cut.class::isInstance)) {
            startCuttable(exchange);
        } else {
            exchange.sendResponseHeaders(200, 0);
        }
        ObjectNode message = envelope();
        if (reply.usage() != null) {
            message.set("usage", usage(1));
        }
        event(exchange, typed("message_start").set("message", message));
        event(exchange, typed("ping"));
        for (Step step : reply.steps()) {
            switch (step) {
                case Step.Text text -> {
                    open(exchange, block("text").put("text", ""), -1);
                    delta(exchange, "text_delta", "text", text.delta());
                }
                case Step.ToolCall call -> {
                    if (!blocks.containsKey(call.index())) {
                        ObjectNode block =
                                block("tool_use").put("id", call.id()).put("name", call.name());
                        block.putObject("input");
                        open(exchange, block, call.index());
                    }
                    delta(exchange, "input_json_delta", "partial_json", call.arguments());
                }
                case Step.Pause pause -> pause(pause.millis());
                case Step.Gate gate -> Gates.await(gate.name());
                case Step.Stall stall -> stall();
                case Step.Raw raw -> data(exchange, "content_block_delta", raw.data());
                case Step.Failure failure -> {
                    data(
                            exchange,
                            "error",
                            error(failure.type(), failure.message()).toString());
                    return;
                }
                case Step.Cut cut -> {
                    cut(exchange, true, "");
                    return;
                }
                case Step.Refusal refusal -> throw new IllegalArgumentException("Claude has none: " + refusal);
            }
        }
        close(exchange);
        finish(exchange);
    }

    private void finish(HttpExchange exchange) throws IOException {
        if (reply.finishReason() == null) {
            return;
        }
        ObjectNode end = typed("message_delta");
        end.putObject("delta").put("stop_reason", stopReason()).putNull("stop_sequence");
        if (reply.usage() != null) {
            end.putObject("usage").put("output_tokens", reply.usage()[2]);
        }
        event(exchange, end);
        event(exchange, typed("message_stop"));
    }

    /// Texts that follow each other are one block.
    private void open(HttpExchange exchange, ObjectNode block, int call) throws IOException {
        boolean goesOn = call < 0 && open >= 0 && !blocks.containsValue(open);
        if (goesOn) {
            return;
        }
        close(exchange);
        open = next++;
        if (call >= 0) {
            blocks.put(call, open);
        }
        event(exchange, typed("content_block_start").put("index", open).set("content_block", block));
    }

    private void close(HttpExchange exchange) throws IOException {
        if (open >= 0) {
            event(exchange, typed("content_block_stop").put("index", open));
            open = -1;
        }
    }

    private void delta(HttpExchange exchange, String type, String field, String value) throws IOException {
        event(
                exchange,
                typed("content_block_delta")
                        .put("index", open)
                        .set("delta", block(type).put(field, value)));
    }

    private void whole(HttpExchange exchange) throws IOException {
        ObjectNode message = envelope();
        var content = message.putArray("content");
        var arguments = new HashMap<Integer, String>();
        for (Step step : reply.steps()) {
            switch (step) {
                case Step.Text text -> {
                    JsonNode last = content.path(content.size() - 1);
                    ObjectNode block = last.has("text")
                            ? (ObjectNode) last
                            : content.addObject().put("type", "text");
                    block.put("text", block.path("text").asText() + text.delta());
                }
                case Step.ToolCall call -> {
                    if (!arguments.containsKey(call.index())) {
                        content.addObject()
                                .put("type", "tool_use")
                                .put("id", call.id())
                                .put("name", call.name());
                        blocks.put(call.index(), content.size() - 1);
                    }
                    String all = arguments.merge(call.index(), call.arguments(), String::concat);
                    if (!all.isEmpty() && all.endsWith("}")) {
                        ((ObjectNode) content.get(blocks.get(call.index()))).set("input", JSON.readTree(all));
                    } else if (all.isEmpty()) {
                        ((ObjectNode) content.get(blocks.get(call.index()))).putObject("input");
                    }
                }
                case Step.Pause pause -> pause(pause.millis());
                case Step.Gate gate -> Gates.await(gate.name());
                case Step.Stall stall -> stall();
                case Step.Raw raw -> {
                    ScriptedServer.send(exchange, 200, raw.data());
                    return;
                }
                case Step.Cut cut -> {
                    cut(exchange, false, "{\"id\":\"msg_1\",");
                    return;
                }
                default -> throw new IllegalArgumentException("Not in a whole message: " + step);
            }
        }
        message.put("stop_reason", stopReason());
        if (reply.usage() != null) {
            message.set("usage", usage(reply.usage()[2]));
        }
        ScriptedServer.send(exchange, 200, message.toString());
    }

    private ObjectNode envelope() {
        var message = JSON.createObjectNode()
                .put("id", "msg_1")
                .put("type", "message")
                .put("role", "assistant")
                .put("model", request.path("model").asText())
                .putNull("stop_reason");
        message.putArray("content");
        return message;
    }

    /// Input is what neither came from the cache nor went there.
    private ObjectNode usage(int output) {
        int[] tokens = reply.usage();
        return JSON.createObjectNode()
                .put("input_tokens", tokens[0] - tokens[1] - tokens[4])
                .put("cache_read_input_tokens", tokens[1])
                .put("cache_creation_input_tokens", tokens[4])
                .put("output_tokens", output);
    }

    private String stopReason() {
        return switch (reply.finishReason()) {
            case "stop" -> "end_turn";
            case "tool_calls" -> "tool_use";
            case "length" -> "max_tokens";
            case "content_filter" -> "refusal";
            case null, default -> reply.finishReason();
        };
    }

    private static ObjectNode typed(String type) {
        return block(type);
    }

    private static ObjectNode block(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    private static void event(HttpExchange exchange, JsonNode event) throws IOException {
        data(exchange, event.path("type").asText(), event.toString());
    }

    private static void data(HttpExchange exchange, String type, String data) throws IOException {
        String event = "event: %s\ndata: %s\n\n".formatted(type, data);
        exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }
}

package dev.parley.testing;

import static dev.parley.testing.ScriptedProvider.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Bedrock's Converse, whole, and ConverseStream, as frames of AWS' event stream. Errors are exceptions by name: the
/// error code if it is one, else the one that goes with the status. Finish reasons but `stop`, `tool_calls`, `length`
/// and `content_filter` are Bedrock's.
final class BedrockWire extends Wire {

    private final Map<Integer, Integer> blocks = new HashMap<>();
    private int open = -1;
    private int next;

    BedrockWire(JsonNode request, Reply reply) {
        super(request, reply);
    }

    @Override
    void answer(HttpExchange exchange) throws IOException {
        if (reply.error() != null) {
            exchange.getResponseHeaders().set("x-amzn-ErrorType", exception());
        }
        super.answer(exchange);
    }

    @Override
    String error() {
        return JSON.createObjectNode().put("message", reply.error()).toString();
    }

    private String exception() {
        if (reply.errorCode().endsWith("Exception")) {
            return reply.errorCode();
        }
        return switch (reply.status()) {
            case 401, 403 -> "AccessDeniedException";
            case 408 -> "ModelTimeoutException";
            case 424 -> "ModelErrorException";
            case 429 -> "ThrottlingException";
            case 503 -> "ServiceUnavailableException";
            default -> reply.status() >= 500 ? "InternalServerException" : "ValidationException";
        };
    }

    @Override
    void answerSteps(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("x-amzn-RequestId", "bedrock-1");
        if (exchange.getRequestURI().getPath().endsWith("/converse-stream")) {
            stream(exchange);
        } else {
            whole(exchange);
        }
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.amazon.eventstream");
        if (reply.steps().stream().anyMatch(Step.Cut.class::isInstance)) {
            startCuttable(exchange);
        } else {
            exchange.sendResponseHeaders(200, 0);
        }
        event(exchange, "messageStart", JSON.createObjectNode().put("role", "assistant"));
        for (Step step : reply.steps()) {
            switch (step) {
                case Step.Text text -> {
                    if (open < 0 || blocks.containsValue(open)) {
                        close(exchange);
                        open = next++;
                    }
                    ObjectNode delta = JSON.createObjectNode().put("text", text.delta());
                    event(exchange, "contentBlockDelta", inBlock("delta", delta));
                }
                case Step.ToolCall call -> stream(exchange, call);
                case Step.Pause pause -> pause(pause.millis());
                case Step.Gate gate -> Gates.await(gate.name());
                case Step.Stall stall -> stall();
                case Step.Raw raw -> frame(exchange, EventFrame.event("contentBlockDelta", raw.data()));
                case Step.Failure failure -> {
                    String message = JSON.createObjectNode()
                            .put("message", failure.message())
                            .toString();
                    frame(exchange, EventFrame.exception(failure.type(), message));
                    return;
                }
                case Step.Cut cut -> {
                    cut(exchange, true, "");
                    return;
                }
                case Step.Refusal refusal -> throw new IllegalArgumentException("Bedrock has none: " + refusal);
            }
        }
        close(exchange);
        finish(exchange);
    }

    private void stream(HttpExchange exchange, Step.ToolCall call) throws IOException {
        if (!blocks.containsKey(call.index())) {
            close(exchange);
            open = next++;
            blocks.put(call.index(), open);
            ObjectNode start = JSON.createObjectNode();
            start.putObject("toolUse").put("toolUseId", call.id()).put("name", call.name());
            event(exchange, "contentBlockStart", inBlock("start", start));
        }
        ObjectNode delta = JSON.createObjectNode();
        delta.putObject("toolUse").put("input", call.arguments());
        event(exchange, "contentBlockDelta", inBlock("delta", delta));
    }

    private ObjectNode inBlock(String field, ObjectNode value) {
        ObjectNode event = JSON.createObjectNode().put("contentBlockIndex", open);
        event.set(field, value);
        return event;
    }

    private void close(HttpExchange exchange) throws IOException {
        if (open >= 0) {
            event(exchange, "contentBlockStop", JSON.createObjectNode().put("contentBlockIndex", open));
            open = -1;
        }
    }

    private void finish(HttpExchange exchange) throws IOException {
        if (reply.finishReason() != null) {
            event(exchange, "messageStop", JSON.createObjectNode().put("stopReason", stopReason()));
        }
        if (reply.usage() != null) {
            ObjectNode metadata = JSON.createObjectNode();
            metadata.set("usage", usage());
            metadata.putObject("metrics").put("latencyMs", 5);
            event(exchange, "metadata", metadata);
        }
    }

    private void whole(HttpExchange exchange) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        var content = answer.putObject("output")
                .putObject("message")
                .put("role", "assistant")
                .putArray("content");
        var arguments = new HashMap<Integer, String>();
        for (Step step : reply.steps()) {
            switch (step) {
                case Step.Text text -> {
                    JsonNode last = content.path(content.size() - 1);
                    ObjectNode block = last.has("text") ? (ObjectNode) last : content.addObject();
                    block.put("text", block.path("text").asText() + text.delta());
                }
                case Step.ToolCall call -> {
                    if (!arguments.containsKey(call.index())) {
                        content.addObject()
                                .putObject("toolUse")
                                .put("toolUseId", call.id())
                                .put("name", call.name())
                                .putObject("input");
                        blocks.put(call.index(), content.size() - 1);
                    }
                    String all = arguments.merge(call.index(), call.arguments(), String::concat);
                    if (all.endsWith("}")) {
                        ((ObjectNode) content.get(blocks.get(call.index())).path("toolUse"))
                                .set("input", JSON.readTree(all));
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
                    cut(exchange, false, "{\"output\":");
                    return;
                }
                default -> throw new IllegalArgumentException("Not in a whole answer: " + step);
            }
        }
        answer.put("stopReason", stopReason());
        if (reply.usage() != null) {
            answer.set("usage", usage());
        }
        answer.putObject("metrics").put("latencyMs", 5);
        ScriptedServer.send(exchange, 200, answer.toString());
    }

    private ObjectNode usage() {
        int[] tokens = reply.usage();
        return JSON.createObjectNode()
                .put("inputTokens", tokens[0] - tokens[1] - tokens[4])
                .put("outputTokens", tokens[2])
                .put("totalTokens", tokens[0] + tokens[2])
                .put("cacheReadInputTokens", tokens[1])
                .put("cacheWriteInputTokens", tokens[4]);
    }

    private String stopReason() {
        return switch (reply.finishReason()) {
            case "stop" -> "end_turn";
            case "tool_calls" -> "tool_use";
            case "length" -> "max_tokens";
            case "content_filter" -> "content_filtered";
            case null, default -> reply.finishReason();
        };
    }

    private static void event(HttpExchange exchange, String type, JsonNode event) throws IOException {
        frame(exchange, EventFrame.event(type, event.toString()));
    }

    private static void frame(HttpExchange exchange, EventFrame frame) throws IOException {
        exchange.getResponseBody().write(frame.bytes());
        exchange.getResponseBody().flush();
    }
}

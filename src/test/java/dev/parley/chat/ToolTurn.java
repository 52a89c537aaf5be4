package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testing.Api;
import java.util.ArrayList;
import java.util.List;

/// A turn with tools of this side, asked for in each of the ways there are, and what its client is told of it.
final class ToolTurn {

    static final ObjectMapper JSON = new ObjectMapper();

    /// How a turn is asked for.
    enum Way {
        COMPLETION(true, false),
        COMPLETION_STREAM(true, true),
        RESPONSE(false, false),
        RESPONSE_STREAM(false, true);

        final boolean completion;
        final boolean streamed;

        Way(boolean completion, boolean streamed) {
            this.completion = completion;
            this.streamed = streamed;
        }
    }

    /// @param status HTTP's; of a stream that began, 200
    /// @param text all that was said
    /// @param calls of the client's functions
    /// @param parley what Parley adds
    /// @param whole the completion or response; of a streamed completion, the message as a client puts it together
    record Told(int status, String text, List<JsonNode> calls, JsonNode parley, JsonNode whole) {

        List<String> tools() {
            var tools = new ArrayList<String>();
            parley.at("/receipt/tool_calls")
                    .forEach(line -> tools.add(line.path("tool").asText() + ":"
                            + line.path("status").asText()));
            return tools;
        }

        JsonNode approvals() {
            return parley.at("/required_action/approvals");
        }
    }

    private final String key;
    private final Way way;

    ToolTurn(String key, Way way) {
        this.key = key;
        this.way = way;
    }

    /// @param tools of this side
    ObjectNode body(String text, String... tools) {
        ObjectNode body = JSON.createObjectNode().put("model", "priced-alone");
        ArrayNode messages = body.putArray(way.completion ? "messages" : "input");
        messages.addObject().put("role", "user").put("content", text);
        ArrayNode named = body.putObject("parley").putArray("tools");
        List.of(tools).forEach(named::add);
        return body;
    }

    /// Offers a function of the client besides.
    ObjectNode withFunction(ObjectNode body, String name) {
        ObjectNode tool = body.withArray("tools").addObject().put("type", "function");
        (way.completion ? tool.putObject("function") : tool)
                .put("name", name)
                .putObject("parameters")
                .put("type", "object");
        return body;
    }

    Told ask(ObjectNode body) {
        if (way.streamed) {
            body.put("stream", true);
        }
        return way.streamed ? streamed(body) : whole(body);
    }

    private String path() {
        return way.completion ? "/v1/chat/completions" : "/v1/responses";
    }

    private Told whole(ObjectNode body) {
        var response = Api.as(key).body(body.toString()).post(path()).then().extract();
        try {
            return told(response.statusCode(), JSON.readTree(response.body().asString()));
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private Told streamed(ObjectNode body) {
        try (EventStream stream = EventStream.post(key, path(), body.toString())) {
            List<JsonNode> events = stream.rest();
            if (stream.status() != 200) {
                return new Told(stream.status(), "", List.of(), JSON.createObjectNode(), JSON.createObjectNode());
            }
            return way.completion
                    ? assembled(events)
                    : told(200, events.getLast().path("response"));
        }
    }

    private Told told(int status, JsonNode whole) {
        if (way.completion) {
            JsonNode message = whole.at("/choices/0/message");
            return new Told(
                    status,
                    message.path("content").asText(""),
                    list(message.path("tool_calls")),
                    whole.path("parley"),
                    whole);
        }
        var text = new ArrayList<String>();
        var calls = new ArrayList<JsonNode>();
        for (JsonNode item : whole.path("output")) {
            item.path("content").forEach(part -> text.add(part.path("text").asText()));
            if (item.path("type").asText().equals("function_call")) {
                calls.add(item);
            }
        }
        return new Told(status, String.join("\n\n", text), calls, whole.path("parley"), whole);
    }

    /// As OpenAI's clients put a streamed completion together.
    private static Told assembled(List<JsonNode> events) {
        ObjectNode message = JSON.createObjectNode().put("role", "assistant");
        ArrayNode calls = JSON.createArrayNode();
        var text = new StringBuilder();
        JsonNode parley = JSON.createObjectNode();
        for (JsonNode event : events) {
            assertThat(event.has("error")).as(event.toString()).isFalse();
            JsonNode delta = event.at("/choices/0/delta");
            text.append(delta.path("content").asText(""));
            delta.path("tool_calls").forEach(piece -> merge(calls, piece));
            parley = event.path("parley").has("receipt") ? event.path("parley") : parley;
        }
        message.put("content", text.toString());
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        ObjectNode whole = JSON.createObjectNode();
        whole.putArray("choices").addObject().set("message", message);
        return new Told(200, text.toString(), list(calls), parley, whole);
    }

    private static void merge(ArrayNode calls, JsonNode piece) {
        int index = piece.path("index").asInt();
        while (calls.size() <= index) {
            calls.addObject().put("type", "function").putObject("function").put("arguments", "");
        }
        ObjectNode call = (ObjectNode) calls.get(index);
        ObjectNode function = (ObjectNode) call.get("function");
        if (piece.has("id")) {
            call.set("id", piece.get("id"));
            function.set("name", piece.at("/function/name"));
        }
        function.put(
                "arguments",
                function.get("arguments").asText()
                        + piece.at("/function/arguments").asText());
    }

    private static List<JsonNode> list(JsonNode array) {
        var list = new ArrayList<JsonNode>();
        array.forEach(list::add);
        return list;
    }

    /// The next request of the same client, which keeps the history in its own way.
    ///
    /// @param results of its functions, by call id
    ObjectNode next(ObjectNode asked, Told told, java.util.Map<String, String> results) {
        ObjectNode next = asked.deepCopy();
        if (way.completion) {
            ArrayNode messages = (ArrayNode) next.get("messages");
            messages.add(told.whole().at("/choices/0/message"));
            results.forEach((id, result) -> messages.addObject()
                    .put("role", "tool")
                    .put("tool_call_id", id)
                    .put("content", result));
        } else {
            next.put("previous_response_id", told.whole().path("id").asText());
            ArrayNode input = next.putArray("input");
            results.forEach((id, result) -> input.addObject()
                    .put("type", "function_call_output")
                    .put("call_id", id)
                    .put("output", result));
        }
        return next;
    }

    String callId(JsonNode call) {
        return call.path(way.completion ? "id" : "call_id").asText();
    }
}

package dev.parley.chat.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// The input of a stored response as OpenAI lists it: every item with an id and a status, texts as parts.
final class ResponseInputItems {

    private ResponseInputItems() {}

    static List<ObjectNode> of(ResponseId id, JsonNode input) {
        var items = new ArrayList<ObjectNode>();
        if (input.isTextual()) {
            ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", "user");
            items.add(identified(id, 0, message.set("content", input)));
        } else {
            input.forEach(item -> items.add(identified(id, items.size(), (ObjectNode) item)));
        }
        return items;
    }

    private static ObjectNode identified(ResponseId response, int place, ObjectNode item) {
        String type = item.path("type").asText("message");
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        shown.put("id", response.item(ResponseItemId.Side.INPUT, place).text(prefix(type)));
        shown.put("type", type).put("status", ResponseItem.COMPLETED);
        item.properties().forEach(member -> {
            if (!member.getValue().isNull()) {
                shown.set(member.getKey(), member.getValue());
            }
        });
        if (type.equals("message")) {
            shown.set("content", parts(item.path("role").asText(), item.path("content")));
        }
        return shown;
    }

    private static JsonNode parts(String role, JsonNode content) {
        if (!content.isTextual()) {
            return content;
        }
        var parts = JsonNodeFactory.instance.arrayNode();
        if (role.equals("assistant")) {
            parts.addObject()
                    .put("type", "output_text")
                    .put("text", content.textValue())
                    .putArray("annotations");
        } else {
            parts.addObject().put("type", "input_text").put("text", content.textValue());
        }
        return parts;
    }

    private static String prefix(String type) {
        return switch (type) {
            case "function_call" -> ResponseItem.FunctionCall.PREFIX;
            case "function_call_output" -> "fco_";
            case "file_search_call" -> ResponseItem.FileSearchCall.PREFIX;
            case "reasoning" -> "rs_";
            default -> ResponseItem.Message.PREFIX;
        };
    }
}

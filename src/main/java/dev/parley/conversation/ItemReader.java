package dev.parley.conversation;

import dev.parley.api.JsonField;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads items as OpenAI's Conversations API takes them. Text only.
final class ItemReader {

    private static final int MAX_PARTS = 256;
    private static final int MAX_ID = 256;
    private static final int MAX_NAME = 64;
    private static final Set<String> TYPES = Set.of("message", "function_call", "function_call_output");
    private static final Set<String> ROLES = Set.of(Item.Message.USER, Item.Message.ASSISTANT);
    private static final String REFUSAL = "refusal";
    private static final Set<String> TEXT_TYPES = Set.of("input_text", "output_text", "text");

    private final ConversationConfig config;

    ItemReader(ConversationConfig config) {
        this.config = config;
    }

    List<Item> read(JsonField items) {
        return items.items(config.maxNewItems()).stream().map(this::item).toList();
    }

    private Item item(JsonField item) {
        String type = item.find("type").map(field -> field.oneOf(TYPES)).orElse("message");
        return switch (type) {
            case "function_call" -> {
                item.allowOnly(Set.of("type", "id", "status", "call_id", "name", "arguments"));
                yield new Item.FunctionCall(
                        item.get("call_id").text(MAX_ID), item.get("name").text(MAX_NAME), text(item.get("arguments")));
            }
            case "function_call_output" -> {
                item.allowOnly(Set.of("type", "id", "status", "call_id", "output"));
                yield new Item.FunctionCallOutput(item.get("call_id").text(MAX_ID), content(item.get("output")));
            }
            default -> {
                item.allowOnly(Set.of("type", "id", "status", "role", "content"));
                yield message(item.get("role").oneOf(ROLES), item.get("content"));
            }
        };
    }

    /// A refusal stands alone: beside text it would be no one item.
    private Item message(String role, JsonField content) {
        if (role.equals(Item.Message.USER)) {
            return Item.Message.user(content(content), null);
        }
        List<JsonField> parts = content.value().isArray() ? content.items(MAX_PARTS) : List.of();
        if (parts.size() == 1 && parts.getFirst().get("type").value().asText().equals(REFUSAL)) {
            JsonField refusal = parts.getFirst().allowOnly(Set.of("type", REFUSAL));
            return Item.Message.refusal(text(refusal.get(REFUSAL)));
        }
        return Item.Message.assistant(content(content));
    }

    private String content(JsonField content) {
        if (!content.value().isArray()) {
            return text(content);
        }
        var texts = new ArrayList<String>();
        for (JsonField part : content.items(MAX_PARTS)) {
            part.get("type").oneOf(TEXT_TYPES);
            part.allowOnly(Set.of("type", "text", "annotations", "logprobs"));
            texts.add(text(part.get("text")));
        }
        return String.join("\n", texts);
    }

    private String text(JsonField field) {
        return field.text(config.maxItemLength());
    }
}

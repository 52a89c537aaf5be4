package dev.parley.chat.responses;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.parley.api.JsonField;
import dev.parley.chat.ChatConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads what the items of a response's input hold: texts, and calls of functions. Text only.
final class ResponseContentReader {

    private static final int MAX_ID = 256;
    private static final int MAX_NAME = 64;
    private static final int MAX_PARTS = 256;

    private final int maxLength;

    ResponseContentReader(ChatConfig config) {
        this.maxLength = config.maxMessageLength();
    }

    String text(JsonField field) {
        return field.text(maxLength);
    }

    String id(JsonField field) {
        return field.text(MAX_ID);
    }

    /// A string, or parts of type `input_text`, which are one text to a model: they are joined by line breaks.
    String input(JsonField content) {
        if (!content.value().isArray()) {
            return text(content);
        }
        var texts = new ArrayList<String>();
        for (JsonField part : content.items(MAX_PARTS)) {
            if (!type(part).equals("input_text")) {
                throw unserved(part);
            }
            texts.add(text(part.allowOnly(Set.of("type", "text")).get("text")));
        }
        return joined(content, texts);
    }

    /// A string, or parts of type `output_text` and `refusal`.
    AiMessage answer(JsonField content) {
        if (!content.value().isArray()) {
            return AiMessage.from(text(content));
        }
        var texts = new ArrayList<String>();
        var refusals = new ArrayList<String>();
        for (JsonField part : content.items(MAX_PARTS)) {
            switch (type(part)) {
                case "output_text", "input_text" ->
                    texts.add(text(part.allowOnly(Set.of("type", "text", "annotations", "logprobs"))
                            .get("text")));
                case "refusal" ->
                    refusals.add(text(part.allowOnly(Set.of("type", "refusal")).get("refusal")));
                default -> throw unserved(part);
            }
        }
        if (refusals.isEmpty()) {
            joined(content, texts);
        }
        return ResponseInputReader.answer(texts, refusals);
    }

    ToolExecutionRequest call(JsonField item) {
        item.allowOnly(Set.of("type", "id", "call_id", "name", "arguments", "status"));
        return ToolExecutionRequest.builder()
                .id(id(item.get("call_id")))
                .name(item.get("name").text(MAX_NAME))
                .arguments(text(item.get("arguments")))
                .build();
    }

    /// A call of a tool of this side.
    ToolExecutionRequest serverCall(JsonField item, String id) {
        return ToolExecutionRequest.builder()
                .id(id)
                .name(item.get("name").text(MAX_NAME))
                .arguments(text(item.get("arguments")))
                .build();
    }

    ToolExecutionResultMessage serverResult(JsonField item, String id) {
        item.allowOnly(Set.of(
                "type", "id", "status", "server_label", "name", "arguments", "approval_request_id", "output", "error"));
        Optional<JsonField> error = item.find("error");
        return ToolExecutionResultMessage.builder()
                .id(id)
                .toolName(item.get("name").text(MAX_NAME))
                .text(error.or(() -> item.find("output")).map(this::text).orElse(""))
                .isError(error.isPresent())
                .build();
    }

    private static String type(JsonField part) {
        return part.get("type").text(MAX_NAME);
    }

    private static RuntimeException unserved(JsonField part) {
        return part.get("type").unsupported("only text is served here, not '%s'.".formatted(type(part)));
    }

    private static String joined(JsonField content, List<String> texts) {
        if (texts.isEmpty()) {
            throw content.invalid("expected at least one part.");
        }
        return String.join("\n", texts);
    }
}

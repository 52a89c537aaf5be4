package dev.parley.chat.responses;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.parley.api.JsonField;
import dev.parley.chat.ChatConfig;
import dev.parley.chat.request.ImageReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads what the items of a response's input hold: texts, images and calls of functions.
final class ResponseContentReader {

    private static final int MAX_ID = 256;
    private static final int MAX_NAME = 64;
    private static final int MAX_PARTS = 256;

    private static final String IMAGE = "input_image";

    private final int maxLength;
    private final ImageReader images;

    ResponseContentReader(ChatConfig config) {
        this.maxLength = config.maxMessageLength();
        this.images = new ImageReader(config.maxImageLength());
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
            texts.add(inputText(part));
        }
        return joined(content, texts);
    }

    private String inputText(JsonField part) {
        if (!type(part).equals("input_text")) {
            throw unserved(part);
        }
        return text(part.allowOnly(Set.of("type", "text")).get("text"));
    }

    /// What a user says: as [#input], or with images among the texts, where everything stays in its place.
    List<Content> user(JsonField content) {
        if (!content.value().isArray() || content.items(MAX_PARTS).stream().noneMatch(ResponseContentReader::isImage)) {
            return List.of(TextContent.from(input(content)));
        }
        var contents = new ArrayList<Content>();
        for (JsonField part : content.items(MAX_PARTS)) {
            contents.add(isImage(part) ? image(part) : TextContent.from(inputText(part)));
        }
        return contents;
    }

    private static boolean isImage(JsonField part) {
        return part.value().path("type").asText().equals(IMAGE);
    }

    private Content image(JsonField part) {
        part.allowOnly(Set.of("type", "image_url", "detail", "file_id"));
        part.find("file_id").ifPresent(file -> {
            throw file.unsupported("give the image itself or its address as 'image_url'.");
        });
        return images.read(part.get("image_url"), part.find("detail"));
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

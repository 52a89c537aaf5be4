package dev.parley.model;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a chat model can do besides text, and the request parameter that asks for it.
public enum Capability {
    TOOLS("tools"),
    /// Some JSON, without a schema.
    JSON("response_format"),
    /// JSON by the client's schema.
    JSON_SCHEMA("response_format"),
    /// Images in a prompt.
    VISION("messages");

    private final String parameter;

    Capability(String parameter) {
        this.parameter = parameter;
    }

    /// As OpenAI names it.
    public String parameter() {
        return parameter;
    }

    /// What a client is told that asks it of a model without it.
    String isNotSupportedBy(String alias) {
        return switch (this) {
            case TOOLS -> "'tools' is not supported with the model '%s'.".formatted(alias);
            case JSON ->
                "'response_format' of type 'json_object' is not supported with the model '%s'.".formatted(alias);
            case JSON_SCHEMA ->
                "'response_format' of type 'json_schema' is not supported with the model '%s'.".formatted(alias);
            case VISION -> "Images in 'messages' are not supported with the model '%s'.".formatted(alias);
        };
    }

    static Set<Capability> neededFor(ChatRequest request) {
        return Arrays.stream(values())
                .filter(capability -> capability.isNeededFor(request))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Capability.class)));
    }

    private boolean isNeededFor(ChatRequest request) {
        return switch (this) {
            case TOOLS -> !request.toolSpecifications().isEmpty();
            case JSON -> isJson(request.responseFormat()) && !hasSchema(request.responseFormat());
            case JSON_SCHEMA -> isJson(request.responseFormat()) && hasSchema(request.responseFormat());
            case VISION -> request.messages().stream().anyMatch(Capability::hasImage);
        };
    }

    private static boolean isJson(@Nullable ResponseFormat format) {
        return format != null && format.type() == ResponseFormatType.JSON;
    }

    private static boolean hasSchema(ResponseFormat format) {
        return format.jsonSchema() != null;
    }

    private static boolean hasImage(ChatMessage message) {
        return message instanceof UserMessage user && user.contents().stream().anyMatch(ImageContent.class::isInstance);
    }
}

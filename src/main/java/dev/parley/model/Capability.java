package dev.parley.model;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// What a chat model can do besides text, and the request parameter that asks for it.
public enum Capability {
    TOOLS("tools"),
    JSON("response_format");

    private final String parameter;

    Capability(String parameter) {
        this.parameter = parameter;
    }

    /// As OpenAI names it.
    public String parameter() {
        return parameter;
    }

    static Set<Capability> neededFor(ChatRequest request) {
        return Arrays.stream(values())
                .filter(capability -> capability.isNeededFor(request))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Capability.class)));
    }

    private boolean isNeededFor(ChatRequest request) {
        return switch (this) {
            case TOOLS -> !request.toolSpecifications().isEmpty();
            case JSON -> {
                ResponseFormat format = request.responseFormat();
                yield format != null && format.type() == ResponseFormatType.JSON;
            }
        };
    }
}

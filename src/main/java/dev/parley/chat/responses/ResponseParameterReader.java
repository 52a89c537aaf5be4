package dev.parley.chat.responses;

import dev.parley.api.JsonField;
import dev.parley.chat.request.ResolvedPrompt;
import dev.parley.chat.request.ResponseFormatReader;
import dev.parley.chat.request.ToolReader;
import dev.parley.model.ChatParameters;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads what steers a generation besides its input and tools.
final class ResponseParameterReader {

    private static final int MAX_USER = 512;

    private ResponseParameterReader() {}

    static ChatParameters read(JsonField request, ToolReader.Tools functions, @Nullable ResolvedPrompt prompt) {
        Optional<JsonField> format = request.find("text")
                .map(text -> text.allowOnly(Set.of("format", "verbosity")))
                .map(ResponseParameterReader::checkVerbosity)
                .flatMap(text -> text.find("format"));
        return ChatParameters.builder()
                .temperature(number(request, "temperature", 2))
                .topP(number(request, "top_p", 1))
                .maxOutputTokens(maxOutputTokens(request))
                .responseFormat(format.map(ResponseFormatReader::readFlat).orElse(null))
                .strictJsonSchema(format.flatMap(field -> field.find("strict"))
                        .map(JsonField::bool)
                        .orElse(null))
                .stopSequences(prompt == null ? List.of() : prompt.stop())
                .seed(prompt == null ? null : prompt.seed())
                .user(payingUser(request).orElse(null))
                .parallelToolCalls(
                        request.find("parallel_tool_calls").map(JsonField::bool).orElse(null))
                .toolSpecifications(functions.functions())
                .toolChoice(functions.choice())
                .build();
    }

    private static JsonField checkVerbosity(JsonField text) {
        text.find("verbosity").ifPresent(field -> {
            if (!field.value().asText().equals("medium")) {
                throw field.unsupported("only 'medium' is served.");
            }
        });
        return text;
    }

    static @Nullable Integer maxOutputTokens(JsonField request) {
        return request.find("max_output_tokens")
                .map(max -> max.integer(1, Integer.MAX_VALUE))
                .orElse(null);
    }

    /// Who it is for, by the newer name or the older one.
    static Optional<String> payingUser(JsonField request) {
        return user(request, "user").or(() -> user(request, "safety_identifier"));
    }

    static Optional<String> user(JsonField request, String name) {
        return request.find(name).map(user -> user.text(MAX_USER));
    }

    static @Nullable Double number(JsonField request, String name, double max) {
        return request.find(name).map(field -> field.number(0, max)).orElse(null);
    }
}

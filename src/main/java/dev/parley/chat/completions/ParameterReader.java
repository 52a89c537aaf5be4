package dev.parley.chat.completions;

import dev.parley.api.JsonField;
import dev.parley.chat.request.ResponseFormatReader;
import dev.parley.chat.request.ToolReader;
import dev.parley.model.ChatParameters;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads what steers a generation besides its messages and tools.
final class ParameterReader {

    private static final int MAX_STOPS = 4;
    private static final int MAX_STOP = 1024;
    private static final int MAX_USER = 512;

    private ParameterReader() {}

    static ChatParameters read(JsonField request, ToolReader.Tools tools) {
        Optional<JsonField> format = request.find("response_format");
        return ChatParameters.builder()
                .temperature(number(request, "temperature", 0, 2))
                .topP(number(request, "top_p", 0, 1))
                .frequencyPenalty(number(request, "frequency_penalty", -2, 2))
                .presencePenalty(number(request, "presence_penalty", -2, 2))
                .maxOutputTokens(maxTokens(request).orElse(null))
                .stopSequences(request.find("stop").map(ParameterReader::stops).orElse(List.of()))
                .responseFormat(format.map(ResponseFormatReader::read).orElse(null))
                .strictJsonSchema(format.map(ResponseFormatReader::isStrict).orElse(null))
                .seed(seed(request))
                .user(request.find("user").map(user -> user.text(MAX_USER)).orElse(null))
                .parallelToolCalls(
                        request.find("parallel_tool_calls").map(JsonField::bool).orElse(null))
                .toolSpecifications(tools.functions())
                .toolChoice(tools.choice())
                .build();
    }

    private static @Nullable Integer seed(JsonField request) {
        return request.find("seed")
                .map(seed -> seed.integer(Integer.MIN_VALUE, Integer.MAX_VALUE))
                .orElse(null);
    }

    /// The newer name and the older one mean the same.
    private static Optional<Integer> maxTokens(JsonField request) {
        Optional<JsonField> newer = request.find("max_completion_tokens");
        Optional<JsonField> older = request.find("max_tokens");
        if (newer.isPresent() && older.isPresent()) {
            throw older.get().invalid("give either 'max_tokens' or 'max_completion_tokens', not both.");
        }
        return newer.or(() -> older).map(max -> max.integer(1, Integer.MAX_VALUE));
    }

    private static List<String> stops(JsonField stop) {
        return stop.value().isArray()
                ? stop.items(MAX_STOPS).stream()
                        .map(item -> item.text(MAX_STOP))
                        .toList()
                : List.of(stop.text(MAX_STOP));
    }

    private static @Nullable Double number(JsonField request, String name, double min, double max) {
        return request.find(name).map(field -> field.number(min, max)).orElse(null);
    }
}

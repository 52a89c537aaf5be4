package dev.parley.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import java.util.Map;
import java.util.Set;

/// OpenAI's parameters that Parley does not serve. Clients often send them with the value that changes nothing: that
/// is let pass, any other is refused by name.
///
/// @param neutral the values that change nothing, by name
record UnservedParameters(Map<String, Set<String>> neutral) {

    static final UnservedParameters OF_COMPLETIONS = new UnservedParameters(Map.ofEntries(
            Map.entry("audio", Set.of()),
            Map.entry("function_call", Set.of()),
            Map.entry("functions", Set.of("[]")),
            Map.entry("logit_bias", Set.of("{}")),
            Map.entry("logprobs", Set.of("false")),
            Map.entry("modalities", Set.of("[\"text\"]")),
            Map.entry("moderation", Set.of()),
            Map.entry("n", Set.of("1")),
            Map.entry("prediction", Set.of()),
            Map.entry("prompt_cache_key", Set.of()),
            Map.entry("prompt_cache_retention", Set.of()),
            Map.entry("reasoning_effort", Set.of()),
            Map.entry("safety_identifier", Set.of()),
            Map.entry("service_tier", Set.of("\"auto\"", "\"default\"")),
            Map.entry("store", Set.of("false")),
            Map.entry("top_logprobs", Set.of("0")),
            Map.entry("verbosity", Set.of("\"medium\"")),
            Map.entry("web_search_options", Set.of())));

    static final UnservedParameters OF_RESPONSES = new UnservedParameters(Map.of(
            "context_management", Set.of("[]"),
            "max_tool_calls", Set.of(),
            "moderation", Set.of(),
            "prompt", Set.of(),
            "prompt_cache_retention", Set.of(),
            "reasoning", Set.of("{}", "{\"effort\":null}", "{\"effort\":null,\"summary\":null}"),
            "service_tier", Set.of("\"auto\"", "\"default\""),
            "top_logprobs", Set.of("0")));

    Set<String> names() {
        return neutral.keySet();
    }

    void refuse(JsonField request) {
        neutral.forEach((name, values) -> request.find(name).ifPresent(field -> {
            if (!values.contains(text(field.value()))) {
                throw field.unsupported(complaint(values));
            }
        }));
    }

    private static String complaint(Set<String> neutral) {
        return neutral.isEmpty()
                ? "it is not served."
                : "only %s is served."
                        .formatted(String.join(" or ", neutral.stream().sorted().toList()));
    }

    private static String text(JsonNode value) {
        return value.toString();
    }
}

package dev.parley.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import java.util.Map;
import java.util.Set;

/// OpenAI's parameters that Parley does not serve. Clients often send them with the value that changes nothing: that
/// is let pass, any other is refused by name.
final class UnservedParameters {

    private static final Map<String, Set<String>> NEUTRAL_VALUES = Map.ofEntries(
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
            Map.entry("web_search_options", Set.of()));

    private UnservedParameters() {}

    static Set<String> names() {
        return NEUTRAL_VALUES.keySet();
    }

    static void refuse(JsonField request) {
        NEUTRAL_VALUES.forEach((name, neutral) -> request.find(name).ifPresent(field -> {
            if (!neutral.contains(text(field.value()))) {
                throw field.unsupported(complaint(neutral));
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

package dev.parley.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import java.util.Map;
import java.util.Set;

/// OpenAI's parameters that Parley does not serve. Clients often send them with the value that changes nothing: that
/// is let pass, any other is refused by name.
///
/// @param neutral the values that change nothing, by name
public record UnservedParameters(Map<String, Set<String>> neutral) {

    public Set<String> names() {
        return neutral.keySet();
    }

    /// @throws dev.parley.problem.Problem (400) for one with a value that would change something
    public void refuse(JsonField request) {
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

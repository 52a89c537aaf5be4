package dev.parley.prompt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a version says. Members are in a fixed order, so that the same content is the same JSON; those of a schema
/// stay as they were given, because models answer in that order.
///
/// @param settings by the names that [ContentReader] takes; absent ones are left to the turn
/// @param tools names of tools that run on this side
/// @param knowledge where to look for passages, as `parley` has it in a turn; null for nowhere
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record PromptContent(
        List<PromptMessage> messages,
        SortedMap<String, Variable> variables,
        @Nullable String model,
        JsonNode settings,
        List<String> tools,
        @Nullable JsonNode knowledge) {

    /// What its messages come to at most, once their variables are filled in.
    private static final int MAX_RENDERED = 1_000_000;

    /// The messages with their variables filled in.
    ///
    /// @param given by name
    /// @param at the parameter that holds them
    /// @throws Problem (400) for a value that is missing, unknown or of another type
    List<PromptMessage> render(Map<String, JsonField> given, String at) {
        Map<String, String> values = values(given, at);
        List<PromptMessage> rendered = messages.stream()
                .map(message -> new PromptMessage(message.role(), Template.render(message.content(), values)))
                .toList();
        if (rendered.stream().mapToLong(message -> message.content().length()).sum() > MAX_RENDERED) {
            throw Problem.invalid(
                    at, "The prompt has more than %d characters with these variables.".formatted(MAX_RENDERED));
        }
        return rendered;
    }

    private Map<String, String> values(Map<String, JsonField> given, String at) {
        given.keySet().stream()
                .filter(name -> !variables.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw Problem.invalid(at + "." + name, "Unknown variable '%s'. %s".formatted(name, declared()));
                });
        var values = new HashMap<String, String>();
        variables.forEach((name, variable) -> {
            JsonField value = given.get(name);
            if (value == null && variable.required()) {
                throw Problem.invalid(at + "." + name, "Missing variable '%s'. %s".formatted(name, declared()));
            }
            String otherwise = variable.otherwise() == null ? "" : variable.otherwise();
            values.put(name, value == null ? otherwise : variable.text(value));
        });
        return values;
    }

    private String declared() {
        return variables.isEmpty()
                ? "The prompt has no variables."
                : variables.entrySet().stream()
                        .map(each -> each.getValue().told(each.getKey()))
                        .collect(Collectors.joining(", ", "The prompt's variables are: ", "."));
    }

    static SortedMap<String, Variable> sorted(Map<String, Variable> variables) {
        return new TreeMap<>(variables);
    }
}

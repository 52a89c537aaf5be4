package dev.parley.prompt;

import dev.parley.api.JsonField;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A prompt as a turn names it: OpenAI's `prompt` object, and a `label`.
///
/// @param version null: the one that the label points at
/// @param label null when the version is named
/// @param variables by name, as they were given
/// @param at the parameter that holds them
record PromptReference(
        PromptRef prompt,
        @Nullable Integer version,
        @Nullable String label,
        Map<String, JsonField> variables,
        String at) {

    private static final int MAX_ID = 64;
    private static final int MAX_VARIABLES = 64;
    private static final Set<String> MEMBERS = Set.of("id", "version", "label", "variables");

    static PromptReference read(JsonField field) {
        field.allowOnly(MEMBERS);
        Integer version = field.find("version").map(PromptReference::version).orElse(null);
        String label = field.find("label").map(text -> text.text(MAX_ID)).orElse(null);
        if (version != null && label != null) {
            throw field.get("label").invalid("give either 'version' or 'label', not both.");
        }
        return new PromptReference(
                PromptRef.of(field.get("id").text(MAX_ID)),
                version,
                version == null && label == null ? Label.PRODUCTION : label,
                field.find("variables").map(PromptReference::variables).orElse(Map.of()),
                field.path() + ".variables");
    }

    /// OpenAI's versions are strings.
    private static int version(JsonField version) {
        if (!version.value().isTextual()) {
            return version.integer(1, Integer.MAX_VALUE);
        }
        String text = version.text(MAX_ID);
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw version.invalid("versions are numbers from 1 on; labels stand under 'label'.");
        }
        return Integer.parseInt(text);
    }

    private static Map<String, JsonField> variables(JsonField variables) {
        var given = new LinkedHashMap<String, JsonField>();
        variables.object().value().fieldNames().forEachRemaining(name -> variables
                .find(name)
                .ifPresent(value -> given.put(name, value)));
        if (given.size() > MAX_VARIABLES) {
            throw variables.invalid("expected at most %d.".formatted(MAX_VARIABLES));
        }
        return given;
    }
}

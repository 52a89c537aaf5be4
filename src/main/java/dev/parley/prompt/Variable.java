package dev.parley.prompt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a prompt lets its turns fill in.
///
/// @param values of an enumeration; null for other types
/// @param required whether a turn has to give it
/// @param otherwise what it is where a turn does not give it; null: nothing, an empty text
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record Variable(
        VariableType type,
        @Nullable List<String> values,
        @Nullable String description,
        boolean required,
        @JsonProperty("default") @Nullable String otherwise) {

    static final int MAX_VALUE = 100_000;

    private static final int MAX_DESCRIPTION = 1000;
    private static final int MAX_VALUES = 100;
    private static final int MAX_ENUM_VALUE = 1000;
    private static final Set<String> MEMBERS = Set.of("type", "values", "description", "required", "default");

    /// A declaration.
    static Variable read(JsonField field) {
        field.allowOnly(MEMBERS);
        VariableType type = VariableType.of(
                field.find("type").map(code -> code.oneOf(VariableType.CODES)).orElse("string"));
        var declared = new Variable(
                type,
                values(field, type),
                field.find("description")
                        .map(text -> text.text(MAX_DESCRIPTION))
                        .orElse(null),
                field.find("required")
                        .map(JsonField::bool)
                        .orElse(field.find("default").isEmpty()),
                null);
        String otherwise = field.find("default").map(declared::text).orElse(null);
        if (otherwise != null && declared.required) {
            throw field.get("required").invalid("a variable with a default is not required.");
        }
        return new Variable(type, declared.values, declared.description, declared.required, otherwise);
    }

    private static @Nullable List<String> values(JsonField field, VariableType type) {
        if (type != VariableType.ENUM) {
            field.find("values").ifPresent(values -> {
                throw values.invalid("only a variable of type 'enum' has values.");
            });
            return null;
        }
        JsonField values = field.get("values");
        var texts = new LinkedHashSet<String>();
        values.items(MAX_VALUES).forEach(value -> texts.add(value.text(MAX_ENUM_VALUE)));
        if (texts.isEmpty()) {
            throw values.invalid("expected at least one value.");
        }
        return List.copyOf(texts);
    }

    /// A value that a turn gives, as text: of its type, as a string (as OpenAI's are) or as JSON's own; a text
    /// part of an input is its text.
    String text(JsonField given) {
        JsonField value = given.value().isObject() ? part(given) : given;
        String text = value.value().isNumber() || value.value().isBoolean()
                ? value.value().asText()
                : value.text(MAX_VALUE);
        boolean fits = type == VariableType.STRING || isOfType(value.value(), text);
        if (!fits) {
            throw value.invalid("expected %s.".formatted(expected()));
        }
        return text;
    }

    private static JsonField part(JsonField given) {
        JsonField type = given.get("type");
        if (!type.value().asText().equals("input_text")) {
            throw type.unsupported("variables are texts: a value, or a part of type 'input_text'.");
        }
        return given.allowOnly(Set.of("type", "text")).get("text");
    }

    private boolean isOfType(JsonNode value, String text) {
        return values == null ? type.accepts(text) : value.isTextual() && values.contains(text);
    }

    private String expected() {
        return values == null ? "a value of type '%s'".formatted(type.code()) : "one of " + String.join(", ", values);
    }

    /// For people.
    String told(String name) {
        String what = values == null ? type.code() : String.join("|", values);
        return "%s (%s, %s)".formatted(name, what, required ? "required" : "optional");
    }
}

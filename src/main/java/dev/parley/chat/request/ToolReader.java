package dev.parley.chat.request;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.parley.api.JsonField;
import dev.parley.model.ToolMetadata;
import dev.parley.model.ToolSchemas;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the functions among OpenAI's `tools`, and `tool_choice`. A function is passed to the model and its calls to
/// the client; schemas pass through as they are.
public final class ToolReader {

    public static final int MAX_TOOLS = 128;
    private static final int MAX_DESCRIPTION = 16_384;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    private ToolReader() {}

    /// As chat completions have them.
    public static ToolSpecification function(JsonField tool) {
        JsonField function = tool.allowOnly(Set.of("type", "function")).get("function");
        return specification(function.allowOnly(Set.of("name", "description", "parameters", "strict")));
    }

    /// As responses have them.
    public static ToolSpecification flatFunction(JsonField tool) {
        return specification(tool.allowOnly(Set.of("type", "name", "description", "parameters", "strict")));
    }

    private static ToolSpecification specification(JsonField function) {
        return ToolSpecification.builder()
                .name(name(function.get("name")))
                .description(function.find("description")
                        .map(field -> field.text(MAX_DESCRIPTION))
                        .orElse(null))
                .parameters(
                        function.find("parameters").map(ToolReader::parameters).orElse(null))
                .metadata(metadata(function))
                .build();
    }

    private static Map<String, Object> metadata(JsonField function) {
        var metadata = new HashMap<String, Object>();
        if (function.find("strict").map(JsonField::bool).orElse(false)) {
            metadata.put(ToolMetadata.STRICT, true);
        }
        function.find("parameters")
                .ifPresent(schema ->
                        metadata.put(ToolMetadata.SCHEMA, schema.value().toString()));
        return metadata;
    }

    /// @param tools where they are in the request
    public static void refuseDuplicates(JsonField tools, List<ToolSpecification> functions) {
        var names = new HashSet<String>();
        for (ToolSpecification function : functions) {
            if (!names.add(function.name())) {
                throw tools.invalid("the name '%s' is used twice.".formatted(function.name()));
            }
        }
    }

    /// A named function is required by offering it alone: that holds with every provider.
    ///
    /// @param more whether there are other tools to choose besides
    public static Tools choose(List<ToolSpecification> functions, @Nullable JsonField choice, boolean more) {
        if (choice == null) {
            return new Tools(functions, null);
        }
        if (choice.value().isTextual()) {
            ToolChoice mode = mode(choice);
            return new Tools(functions, functions.isEmpty() && !more ? null : mode);
        }
        choice.get("type").oneOf(Set.of("function"));
        JsonField named = choice.allowOnly(Set.of("type", "function"))
                .get("function")
                .allowOnly(Set.of("name"))
                .get("name");
        return named(functions, named);
    }

    /// The function of that name alone.
    public static Tools named(List<ToolSpecification> functions, JsonField named) {
        String name = name(named);
        List<ToolSpecification> only =
                functions.stream().filter(tool -> tool.name().equals(name)).toList();
        if (only.isEmpty()) {
            throw named.invalid("no tool has this name.");
        }
        return new Tools(only, ToolChoice.REQUIRED);
    }

    /// The functions to offer and whether the model must call one; no choice is left to the provider's default.
    public record Tools(
            List<ToolSpecification> functions, @Nullable ToolChoice choice) {}

    private static ToolChoice mode(JsonField choice) {
        return switch (choice.oneOf(Set.of("none", "auto", "required"))) {
            case "none" -> ToolChoice.NONE;
            case "auto" -> ToolChoice.AUTO;
            default -> ToolChoice.REQUIRED;
        };
    }

    private static JsonObjectSchema parameters(JsonField schema) {
        schema.object().find("type").ifPresent(type -> type.oneOf(Set.of("object")));
        for (String objects : List.of("properties", "$defs")) {
            schema.find(objects).ifPresent(JsonField::object);
        }
        return ToolSchemas.parameters(schema.value());
    }

    private static String name(JsonField name) {
        String text = name.text(64);
        if (!NAME.matcher(text).matches()) {
            throw name.invalid("expected 1 to 64 letters, digits, underscores or dashes.");
        }
        return text;
    }
}

package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// JSON in which a text that is `{argument}` and nothing else stands for that argument, of whatever type it is. It is
/// put together as a tree, so no value of a model's can close a string and begin something else.
final class BodyTemplate {

    private static final Pattern ARGUMENT = Pattern.compile("\\{([a-zA-Z0-9_-]{1,64})}");

    private BodyTemplate() {}

    static Set<String> variables(JsonNode template) {
        var names = new HashSet<String>();
        argument(template).ifPresent(names::add);
        template.forEach(child -> names.addAll(variables(child)));
        return names;
    }

    /// Members and items whose argument is missing are left out.
    static JsonNode fill(JsonNode template, JsonNode arguments) {
        return filled(template, arguments).orElse(JsonNodeFactory.instance.nullNode());
    }

    private static Optional<JsonNode> filled(JsonNode template, JsonNode arguments) {
        Optional<String> argument = argument(template);
        if (argument.isPresent()) {
            return Optional.ofNullable(arguments.get(argument.get()));
        }
        if (template.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            template.properties().forEach(member -> filled(member.getValue(), arguments)
                    .ifPresent(value -> object.set(member.getKey(), value)));
            return Optional.of(object);
        }
        if (template.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            template.forEach(item -> filled(item, arguments).ifPresent(array::add));
            return Optional.of(array);
        }
        return Optional.of(template);
    }

    private static Optional<String> argument(JsonNode template) {
        Matcher matcher = ARGUMENT.matcher(template.isTextual() ? template.textValue() : "");
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}

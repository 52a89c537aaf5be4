package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.postgres.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;

/// Reads what a server says of its tools. Names, descriptions and schemas are taken as a stranger's; titles, icons,
/// output schemas and the server's own hints about what a tool does are not taken at all.
@ApplicationScoped
class OfferReader {

    private static final int MAX_DEPTH = 12;
    private static final int SHOWN = 80;

    private final McpConfig config;
    private final Json json;

    OfferReader(McpConfig config, Json json) {
        this.config = config;
        this.json = json;
    }

    /// @param label whose tools they are: it takes its part of their names
    Offer read(String label, Revision revision, List<JsonNode> tools) {
        var taken = new TreeMap<String, Definition>();
        var refused = new LinkedHashMap<String, String>();
        for (JsonNode tool : tools) {
            String name = tool.path("name").asText();
            try {
                checkName(label, name);
                if (taken.containsKey(name)) {
                    throw new RefusedTool("there is another one of this name");
                }
                taken.put(name, definition(tool));
            } catch (RefusedTool refusal) {
                refused.put(
                        UntrustedText.bounded(UntrustedText.visible(name), SHOWN),
                        String.valueOf(refusal.getMessage()));
            }
        }
        return new Offer(revision, taken, refused);
    }

    private static void checkName(String label, String name) {
        if (!RemoteNames.isValid(label, name)) {
            throw new RefusedTool("with the label, its name has to be 64 letters, digits, '_' and '-' at most");
        }
    }

    private Definition definition(JsonNode tool) {
        JsonNode schema = tool.path("inputSchema");
        if (!schema.isObject() || !schema.path("type").asText().equals("object")) {
            throw new RefusedTool("its schema is not that of an object");
        }
        checkMembers(schema);
        checkReferences(schema);
        JsonNode cleaned = cleaned(schema, 0);
        if (json.writeBytes(cleaned).length > config.maxSchema().asLongValue()) {
            throw new RefusedTool("its schema is too large");
        }
        MirroredArguments.of(cleaned);
        String description =
                UntrustedText.visible(tool.path("description").asText()).strip();
        return new Definition(UntrustedText.bounded(description, config.maxDescription()), cleaned);
    }

    /// What goes into prompts part by part has to have these parts: a provider would refuse the turn for it.
    private static void checkMembers(JsonNode schema) {
        for (String name : List.of("properties", "$defs")) {
            JsonNode schemas = schema.path(name);
            if (!schemas.isMissingNode()
                    && (!schemas.isObject() || !schemas.valueStream().allMatch(JsonNode::isObject))) {
                throw new RefusedTool("'%s' in its schema are no schemas".formatted(name));
            }
        }
        JsonNode required = schema.path("required");
        if (!required.isMissingNode()
                && (!required.isArray() || !required.valueStream().allMatch(JsonNode::isTextual))) {
            throw new RefusedTool("'required' in its schema is no list of names");
        }
    }

    /// Nothing is fetched because a schema says so, here or at a provider.
    private static void checkReferences(JsonNode schema) {
        for (String keyword : List.of("$ref", "$dynamicRef", "$recursiveRef")) {
            if (schema.findValues(keyword).stream()
                    .anyMatch(to -> !to.isTextual() || !to.textValue().startsWith("#"))) {
                throw new RefusedTool("its schema refers to another document");
            }
        }
    }

    private static JsonNode cleaned(JsonNode node, int depth) {
        if (depth > MAX_DEPTH) {
            throw new RefusedTool("its schema is nested too deeply");
        }
        return switch (node) {
            case ObjectNode object -> cleaned(object, depth);
            case ArrayNode array -> {
                ArrayNode cleaned = JsonNodeFactory.instance.arrayNode();
                array.forEach(item -> cleaned.add(cleaned(item, depth + 1)));
                yield cleaned;
            }
            default ->
                node.isTextual() ? JsonNodeFactory.instance.textNode(UntrustedText.visible(node.textValue())) : node;
        };
    }

    private static ObjectNode cleaned(ObjectNode object, int depth) {
        ObjectNode cleaned = Wire.object();
        object.properties().forEach(member -> {
            if (!UntrustedText.visible(member.getKey()).equals(member.getKey())) {
                throw new RefusedTool("its schema has a name with hidden characters");
            }
            cleaned.set(member.getKey(), cleaned(member.getValue(), depth + 1));
        });
        return cleaned;
    }
}

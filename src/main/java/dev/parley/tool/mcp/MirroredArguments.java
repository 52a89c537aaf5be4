package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Arguments that a remote server wants in headers as well, for what stands before it: `x-mcp-header` in its schema.
///
/// Source: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
///
/// @param headers each with the path of properties that leads to its value
record MirroredArguments(Map<String, List<String>> headers) {

    private static final String ANNOTATION = "x-mcp-header";
    private static final String PREFIX = "Mcp-Param-";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}");
    private static final Set<String> TYPES = Set.of("string", "integer", "boolean");

    /// Plain, and neither padded nor mistaken for an encoded one.
    private static final Pattern SAFE = Pattern.compile("(?!=\\?base64\\?)[\\x21-\\x7E]([\\x20-\\x7E]*[\\x21-\\x7E])?");

    /// @throws RefusedTool if the schema asks for what it may not
    static MirroredArguments of(JsonNode schema) {
        var headers = new LinkedHashMap<String, List<String>>();
        collect(schema, List.of(), headers);
        if (headers.size() != schema.findValues(ANNOTATION).size()) {
            throw new RefusedTool("it wants arguments in headers that cannot be there");
        }
        return new MirroredArguments(headers);
    }

    /// The schema for those who do not mirror: models, and clients of ours.
    static JsonNode without(JsonNode schema) {
        if (schema.findValue(ANNOTATION) == null) {
            return schema;
        }
        JsonNode copy = schema.deepCopy();
        copy.findParents(ANNOTATION).forEach(parent -> ((ObjectNode) parent).remove(ANNOTATION));
        return copy;
    }

    private static void collect(JsonNode schema, List<String> path, Map<String, List<String>> headers) {
        schema.path("properties").properties().forEach(property -> {
            var inner = new ArrayList<>(path);
            inner.add(property.getKey());
            JsonNode annotation = property.getValue().path(ANNOTATION);
            if (annotation.isTextual()) {
                add(annotation.textValue(), property.getValue(), inner, headers);
            }
            collect(property.getValue(), inner, headers);
        });
    }

    private static void add(String name, JsonNode property, List<String> path, Map<String, List<String>> headers) {
        boolean valid = TOKEN.matcher(name).matches()
                && TYPES.contains(property.path("type").asText());
        if (!valid || headers.put(PREFIX + name.toLowerCase(Locale.ROOT), path) != null) {
            throw new RefusedTool("it wants arguments in headers that cannot be there");
        }
    }

    /// What the headers are for these arguments; those that are absent have none.
    Map<String, String> of(Map<String, String> into, JsonNode arguments) {
        headers.forEach((header, path) -> {
            JsonNode value = arguments;
            for (String step : path) {
                value = value.path(step);
            }
            if (value.isValueNode() && !value.isNull()) {
                into.put(header, encoded(value.asText()));
            }
        });
        return into;
    }

    private static String encoded(String value) {
        return SAFE.matcher(value).matches()
                ? value
                : "=?base64?" + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)) + "?=";
    }
}

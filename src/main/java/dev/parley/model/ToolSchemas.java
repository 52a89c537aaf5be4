package dev.parley.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/// Parameters of tools as LangChain4j has them.
public final class ToolSchemas {

    private ToolSchemas() {}

    /// A tool whose parameters are as their author wrote them.
    ///
    /// @param parameters a JSON schema of an object
    public static ToolSpecification specification(String name, String description, JsonNode parameters) {
        return ToolSpecification.builder()
                .name(name)
                .description(description)
                .parameters(parameters(parameters))
                .metadata(Map.of(ToolMetadata.SCHEMA, parameters.toString()))
                .build();
    }

    /// As much of an object's schema as LangChain4j holds, properties and definitions raw. What reads the whole finds
    /// it in the metadata.
    public static JsonObjectSchema parameters(JsonNode schema) {
        var builder = JsonObjectSchema.builder();
        if (schema.path("properties").isObject()) {
            builder.addProperties(raw(schema.get("properties")));
        }
        if (schema.path("required").isArray()) {
            builder.required(names(schema.get("required")));
        }
        if (schema.path("$defs").isObject()) {
            builder.definitions(raw(schema.get("$defs")));
        }
        if (schema.path("additionalProperties").isBoolean()) {
            builder.additionalProperties(schema.get("additionalProperties").booleanValue());
        }
        return builder.description(schema.path("description").textValue()).build();
    }

    private static Map<String, JsonSchemaElement> raw(JsonNode schemas) {
        var raw = new LinkedHashMap<String, JsonSchemaElement>();
        schemas.properties()
                .forEach(member -> raw.put(
                        member.getKey(), JsonRawSchema.from(member.getValue().toString())));
        return raw;
    }

    private static List<String> names(JsonNode required) {
        return StreamSupport.stream(required.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}

package dev.parley.model;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.parley.postgres.Json;
import java.util.Map;

/// JSON schemas as text, the client's own words where it wrote one.
public record Schemas(Json json) {

    private static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";

    /// Of a tool's parameters; of an object without any where it takes none.
    public String of(ToolSpecification tool) {
        if (tool.metadata().get(ToolMetadata.SCHEMA) instanceof String written) {
            return written;
        }
        return tool.parameters() == null ? NO_PARAMETERS : of(tool.parameters());
    }

    public String of(JsonSchemaElement schema) {
        if (schema instanceof JsonRawSchema raw) {
            return raw.schema();
        }
        Map<String, Object> map = JsonSchemaElementUtils.toMap(schema);
        return json.write(map);
    }
}

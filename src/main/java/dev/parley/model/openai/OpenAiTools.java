package dev.parley.model.openai;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.openai.internal.OpenAiUtils;
import dev.langchain4j.model.openai.internal.chat.Function;
import dev.langchain4j.model.openai.internal.chat.Tool;
import dev.parley.model.ToolMetadata;
import dev.parley.postgres.Json;
import java.util.List;
import java.util.Map;

/// Writes tools in OpenAI's form, each with the schema as its client wrote it and strict if its client said so.
record OpenAiTools(Json json) {

    private static final TypeReference<Map<String, Object>> SCHEMA = new TypeReference<>() {};

    List<Tool> convert(List<ToolSpecification> tools) {
        return tools.stream().map(this::convert).toList();
    }

    private Tool convert(ToolSpecification tool) {
        var function = Function.builder()
                .name(tool.name())
                .description(tool.description())
                .parameters(schema(tool));
        if (Boolean.TRUE.equals(tool.metadata().get(ToolMetadata.STRICT))) {
            function.strict(true);
        }
        return Tool.from(function.build());
    }

    private Map<String, Object> schema(ToolSpecification tool) {
        return tool.metadata().get(ToolMetadata.SCHEMA) instanceof String written
                ? json.read(written, SCHEMA)
                : OpenAiUtils.toTools(List.of(tool), false)
                        .getFirst()
                        .function()
                        .parameters();
    }
}

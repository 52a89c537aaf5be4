package dev.parley.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A tool as the API shows it.
///
/// @param type `builtin`, `http`, `sql`, `knowledge` or `mcp`
/// @param server the label of its MCP server, if it has one
/// @param definition what an admin declared, for admins only
@RegisterForReflection
record ToolView(
        String object,
        String name,
        String type,
        String description,
        JsonNode parameters,
        List<String> scopes,
        boolean effects,
        boolean approval,
        @JsonProperty("timeout_ms") long timeoutMs,
        @Nullable String server,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode definition) {

    static ToolView of(Tool tool, boolean forAdmin) {
        ToolInfo info = tool.info();
        return new ToolView(
                "tool",
                info.name(),
                type(tool),
                info.description(),
                info.parameters(),
                info.traits().scopes().stream().sorted().toList(),
                info.traits().effects(),
                info.traits().approval(),
                info.timeout().toMillis(),
                info.server(),
                forAdmin && tool instanceof DeclaredTool declared
                        ? declared.declaration().definition()
                        : null);
    }

    private static String type(Tool tool) {
        return switch (tool) {
            case DeclaredTool declared -> declared.declaration().type();
            case BeanTool<?> _ -> "builtin";
            default -> "mcp";
        };
    }
}

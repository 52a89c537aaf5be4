package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.parley.model.ToolSchemas;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of a tool before it is called.
///
/// @param name unique in a tenant: letters, digits, `_` and `-`, at most 64
/// @param description untrusted where somebody else wrote it: it goes to models as it is, and nowhere else
/// @param parameters a JSON schema of an object
/// @param traits how it is to be handled
/// @param timeout of one call
/// @param server the label of the MCP server it belongs to; null for others
public record ToolInfo(
        String name,
        String description,
        JsonNode parameters,
        Traits traits,
        Duration timeout,
        @Nullable String server) {

    /// What of Parley's own tools OpenAI's items name as their server.
    public static final String OWN = "parley";

    /// The server as OpenAI's items have it: each has one.
    public String label() {
        return server == null ? OWN : server;
    }

    /// As models are offered it.
    public ToolSpecification specification() {
        return ToolSchemas.specification(name, description, parameters);
    }

    /// @param scopes what a caller needs, all of them, besides the right to call tools
    /// @param effects whether a call changes something: then it is recorded before it runs, and never repeated
    /// @param approval whether somebody has to approve each call
    public record Traits(Set<String> scopes, boolean effects, boolean approval) {}
}

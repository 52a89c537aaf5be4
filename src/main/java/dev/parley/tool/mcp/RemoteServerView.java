package dev.parley.tool.mcp;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A remote server as the API shows it: the names of its headers, never what they say.
///
/// @param allowedTools names, or `*`
/// @param requireApproval names, or a rule
/// @param tools null in lists
/// @param refused tools that it offers and that are not taken, and why
@RegisterForReflection
record RemoteServerView(
        String object,
        String label,
        String url,
        List<String> headers,
        @JsonProperty("allowed_tools") Object allowedTools,
        @JsonProperty("read_only_tools") Collection<String> readOnlyTools,
        @JsonProperty("require_approval") Object requireApproval,
        Collection<String> scopes,
        @JsonProperty("timeout_ms") @Nullable Long timeoutMs,
        @JsonProperty("protocol_version") String protocolVersion,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<ToolView> tools,
        Map<String, String> refused,
        @JsonProperty("refreshed_at") long refreshedAt,
        @JsonProperty("created_at") long createdAt) {

    /// @param name ours
    /// @param state `active`; `changed`: what was accepted is used, what the server says by now is pending;
    /// `pending`: new, and not used yet; `gone`: the server does not offer it any more; `not_allowed`
    @RegisterForReflection
    record ToolView(
            String name,
            @JsonProperty("remote_name") String remoteName,
            String state,
            @Nullable PinView accepted,
            @Nullable PinView pending) {

        static ToolView of(PinnedTool tool, boolean allowed) {
            return new ToolView(
                    tool.toolName(),
                    tool.name(),
                    tool.state(allowed),
                    PinView.of(tool.accepted()),
                    PinView.of(tool.pending()));
        }
    }

    @RegisterForReflection
    record PinView(String hash, String description, JsonNode parameters) {

        static @Nullable PinView of(@Nullable Pin pin) {
            return pin == null
                    ? null
                    : new PinView(
                            pin.hash(),
                            pin.definition().description(),
                            pin.definition().parameters());
        }
    }

    static RemoteServerView of(Registered registered, @Nullable List<PinnedTool> tools) {
        RemoteServer server = registered.server();
        ToolPolicy policy = server.policy();
        return new RemoteServerView(
                "mcp_server",
                server.label(),
                server.url(),
                List.copyOf(server.headers().keySet()),
                policy.allowed() == null ? "*" : new TreeSet<>(Objects.requireNonNull(policy.allowed())),
                new TreeSet<>(policy.readOnly()),
                policy.approval().rule() == Approval.Rule.NAMED
                        ? new TreeSet<>(policy.approval().named())
                        : policy.approval().rule().code(),
                new TreeSet<>(policy.scopes()),
                server.timeout() == null ? null : server.timeout().toMillis(),
                server.revision().version(),
                tools == null
                        ? null
                        : tools.stream()
                                .map(tool -> ToolView.of(tool, policy.allows(tool.name())))
                                .toList(),
                registered.refused(),
                registered.refreshedAt().getEpochSecond(),
                registered.createdAt().getEpochSecond());
    }
}

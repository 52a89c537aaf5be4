package dev.parley.chat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.tool.ToolResult;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What somebody has to do before the turn can go on.
@RegisterForReflection
public record RequiredAction(String type, List<Approval> approvals) {

    /// A call that waits.
    ///
    /// @param id of the call, as `/v1/tool_calls` has it
    /// @param approvalRequestId the same, as OpenAI's items have it
    /// @param arguments JSON, as the model wrote it
    @RegisterForReflection
    public record Approval(
            String id, @JsonProperty("approval_request_id") String approvalRequestId, String tool, String arguments) {}

    /// Null when nobody has to do anything.
    static @Nullable RequiredAction of(List<ToolResult> waiting) {
        return waiting.isEmpty()
                ? null
                : new RequiredAction(
                        "approve_tool_calls",
                        waiting.stream().map(RequiredAction::approval).toList());
    }

    private static Approval approval(ToolResult waiting) {
        return new Approval(
                waiting.call().id().toString(),
                waiting.call().id().approval(),
                waiting.call().tool(),
                waiting.call().arguments());
    }
}

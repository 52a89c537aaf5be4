package dev.parley.chat.responses;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.knowledge.Hit;
import dev.parley.tool.ToolCall;
import dev.parley.tool.ToolResult;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An item of a response's output, as OpenAI has it.
sealed interface ResponseItem {

    String IN_PROGRESS = "in_progress";
    String COMPLETED = "completed";
    String INCOMPLETE = "incomplete";

    String id();

    @RegisterForReflection
    record Message(String id, String type, String status, String role, List<ResponsePart> content)
            implements ResponseItem {

        static final String PREFIX = "msg_";

        Message(String id, String status, List<ResponsePart> content) {
            this(id, "message", status, "assistant", content);
        }
    }

    @RegisterForReflection
    record FunctionCall(
            String id,
            String type,
            String status,
            @JsonProperty("call_id") String callId,
            String name,
            String arguments)
            implements ResponseItem {

        static final String PREFIX = "fc_";

        FunctionCall(String id, String status, String callId, String name, String arguments) {
            this(id, "function_call", status, callId, name, arguments);
        }
    }

    /// A call of a tool of this side, which OpenAI knows as one of an MCP server.
    ///
    /// @param approvalRequestId of the item that asked for an approval, in an earlier response; null when none was
    /// needed
    /// @param output what the model read; null until there is something, and when it failed
    /// @param error what the model read instead
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record McpCall(
            String id,
            String type,
            String status,
            @JsonProperty("server_label") String serverLabel,
            String name,
            String arguments,
            @JsonProperty("approval_request_id") @Nullable String approvalRequestId,
            @Nullable String output,
            @Nullable String error)
            implements ResponseItem {

        static final String TYPE = "mcp_call";
        static final String PREFIX = "mcp_";
        static final String FAILED = "failed";

        static McpCall begun(String id, ToolCall call, String server, @Nullable String approvalRequestId) {
            return new McpCall(
                    id, TYPE, IN_PROGRESS, server, call.tool(), call.arguments(), approvalRequestId, null, null);
        }

        McpCall ended(ToolResult result) {
            boolean good = result.isGood();
            return new McpCall(
                    id,
                    type,
                    good ? COMPLETED : FAILED,
                    serverLabel,
                    name,
                    arguments,
                    approvalRequestId,
                    good ? result.output() : null,
                    good ? null : result.output());
        }
    }

    /// A call that somebody has to approve before it is made.
    @RegisterForReflection
    record McpApprovalRequest(
            String id,
            String type,
            @JsonProperty("server_label") String serverLabel,
            String name,
            String arguments) implements ResponseItem {

        static final String TYPE = "mcp_approval_request";

        static McpApprovalRequest of(ToolCall call, String server) {
            return new McpApprovalRequest(call.id().approval(), TYPE, server, call.tool(), call.arguments());
        }
    }

    /// @param results null unless the client asked for them
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record FileSearchCall(
            String id,
            String type,
            String status,
            List<String> queries,
            @Nullable List<Found> results) implements ResponseItem {

        static final String PREFIX = "fs_";

        FileSearchCall(String id, String status, List<String> queries, @Nullable List<Found> results) {
            this(id, "file_search_call", status, queries, results);
        }

        FileSearchCall withoutResults() {
            return new FileSearchCall(id, status, queries, null);
        }
    }

    /// A passage of a search.
    @RegisterForReflection
    record Found(
            @JsonProperty("file_id") String fileId,
            String filename,
            double score,
            String text,
            Map<String, Object> attributes) {

        static Found of(Hit hit) {
            return new Found(hit.file().toString(), hit.filename(), hit.score(), hit.text(), hit.attributes());
        }
    }
}

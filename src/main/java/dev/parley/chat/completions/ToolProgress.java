package dev.parley.chat.completions;

import dev.parley.tool.CallStatus;
import dev.parley.tool.ToolCall;
import dev.parley.tool.ToolResult;
import io.quarkus.runtime.annotations.RegisterForReflection;

/// How a call of one of this side's tools goes on, for who waits for the answer.
@RegisterForReflection
record ToolProgress(String id, String tool, String status) {

    static ToolProgress of(ToolCall begun) {
        return new ToolProgress(begun.id().toString(), begun.tool(), CallStatus.RUNNING.code());
    }

    static ToolProgress of(ToolResult result) {
        return new ToolProgress(
                result.call().id().toString(),
                result.call().tool(),
                result.status().code());
    }
}

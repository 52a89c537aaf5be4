package dev.parley.tool;

import java.time.Duration;

/// What became of a call.
///
/// @param effects whether its tool changes anything
/// @param output what the model reads; empty while the call waits for an approval
/// @param duration of the tool's own work, zero where it was not run
public record ToolResult(ToolCall call, CallStatus status, boolean effects, String output, Duration duration) {

    static ToolResult unrun(ToolCall call, CallStatus status, boolean effects, String output) {
        return new ToolResult(call, status, effects, output, Duration.ZERO);
    }

    /// Whether the turn has to wait for somebody.
    public boolean isAwaited() {
        return status == CallStatus.AWAITING_APPROVAL;
    }

    /// Whether the call did what was asked.
    public boolean isGood() {
        return status == CallStatus.COMPLETED;
    }
}

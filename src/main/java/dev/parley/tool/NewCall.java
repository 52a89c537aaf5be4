package dev.parley.tool;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A call to put on record.
///
/// @param result what the model read, of a call that is over; null for others
/// @param within how long it may run, of a running one
record NewCall(
        ToolCall call,
        boolean effects,
        String digest,
        CallStatus status,
        @Nullable String result,
        Duration within) {

    static NewCall begun(ToolCall call, String digest, Duration within) {
        return new NewCall(call, true, digest, CallStatus.RUNNING, null, within);
    }

    static NewCall awaiting(ToolCall call, boolean effects, String digest) {
        return new NewCall(call, effects, digest, CallStatus.AWAITING_APPROVAL, null, Duration.ZERO);
    }

    static NewCall over(ToolResult result, String digest) {
        return new NewCall(result.call(), result.effects(), digest, result.status(), result.output(), Duration.ZERO);
    }
}

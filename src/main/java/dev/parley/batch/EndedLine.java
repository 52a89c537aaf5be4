package dev.parley.batch;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A line when its batch is over.
///
/// @param status HTTP's; null when it was not run
/// @param body JSON; null when it was not run
record EndedLine(
        UUID id,
        int number,
        String customId,
        @Nullable Integer status,
        @Nullable String body) {

    boolean wasRun() {
        return status != null;
    }

    boolean isGood() {
        return status != null && status < 300;
    }

    /// @param unrun why, if it was not run
    OutputLine told(OutputLine.Unrun unrun) {
        return status == null || body == null
                ? OutputLine.unrun(id, customId, unrun)
                : OutputLine.answered(id, customId, status, body);
    }
}

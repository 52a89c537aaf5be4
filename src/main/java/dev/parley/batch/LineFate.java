package dev.parley.batch;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What became of a line.
sealed interface LineFate {

    /// @param turn null when it was refused before there was one
    /// @param body JSON
    /// @param pause how long others should have the limits for themselves
    record Answered(@Nullable UUID turn, int status, String body, LineUsage usage, Duration pause) implements LineFate {

        boolean isGood() {
            return status < 300;
        }
    }

    /// It is to be run later.
    ///
    /// @param attempted whether its provider was asked: then the next time is another attempt
    /// @param pausesBatch whether other lines would fare no better
    record PutOff(Duration delay, boolean attempted, boolean pausesBatch) implements LineFate {}
}

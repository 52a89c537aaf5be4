package dev.parley.chat;

import dev.parley.usage.RateStatus;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the client would have been answered.
///
/// @param status HTTP's
/// @param body JSON
/// @param retryAfter null when there is no hint
/// @param rates as they were at the admission
public record LineAnswer(
        UUID turn, int status, String body, @Nullable Duration retryAfter, RateStatus rates) {

    /// @param turn that the line became
    public static LineAnswer of(UUID turn, Told told, RateStatus rates) {
        Long millis = told.retryAfterMs();
        return new LineAnswer(
                turn, told.status(), told.body(), millis == null ? null : Duration.ofMillis(millis), rates);
    }
}

package dev.parley.conversation;

import java.time.Duration;

/// What a turn remembers once its conversation's older turns are folded.
///
/// @param failed whether there was something to fold and it could not be: the turns that do not fit are forgotten
/// @param waited for the summary's model
public record Folded(Remembered remembered, boolean failed, Duration waited) {

    /// Nothing was to be folded.
    public static Folded nothing(Remembered remembered) {
        return new Folded(remembered, false, Duration.ZERO);
    }
}

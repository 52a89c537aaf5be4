package dev.parley.chat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a turn uses the cache of answers.
///
/// @param ttl null for the configured one
public record Caching(Mode mode, @Nullable Duration ttl) {

    public enum Mode {
        ON(true, true),
        OFF(false, false),
        READ_ONLY(true, false),
        WRITE_ONLY(false, true);

        private final boolean reads;
        private final boolean writes;

        Mode(boolean reads, boolean writes) {
            this.reads = reads;
            this.writes = writes;
        }
    }

    boolean reads() {
        return mode.reads;
    }

    boolean writes() {
        return mode.writes;
    }
}

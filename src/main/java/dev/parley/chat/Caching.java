package dev.parley.chat;

import dev.parley.api.JsonField;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a turn uses the cache of answers, as a request's `parley.cache` says: a mode, or an object with a mode and a
/// time to live.
///
/// @param ttl null for the configured one
record Caching(Mode mode, @Nullable Duration ttl) {

    private static final int LONGEST_TTL = 30 * 24 * 60 * 60;

    enum Mode {
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

    /// Null when the request does not say.
    static @Nullable Caching read(Optional<JsonField> parley) {
        return parley.flatMap(field -> field.find("cache")).map(Caching::of).orElse(null);
    }

    private static Caching of(JsonField cache) {
        if (!cache.value().isObject()) {
            return new Caching(mode(cache), null);
        }
        cache.allowOnly(Set.of("mode", "ttl_seconds"));
        return new Caching(
                cache.find("mode").map(Caching::mode).orElse(Mode.ON),
                cache.find("ttl_seconds")
                        .map(ttl -> Duration.ofSeconds(ttl.integer(1, LONGEST_TTL)))
                        .orElse(null));
    }

    private static Mode mode(JsonField mode) {
        return switch (mode.oneOf(Set.of("on", "off", "read_only", "write_only"))) {
            case "on" -> Mode.ON;
            case "read_only" -> Mode.READ_ONLY;
            case "write_only" -> Mode.WRITE_ONLY;
            default -> Mode.OFF;
        };
    }
}

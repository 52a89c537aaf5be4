package dev.parley.knowledge;

import dev.parley.problem.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// OpenAI's `expires_after` of a file: so many seconds after `created_at`.
final class Lifetime {

    static final long MIN_SECONDS = 3_600;
    static final long MAX_SECONDS = 30 * 24 * 3_600;

    private static final Duration MIN = Duration.ofSeconds(MIN_SECONDS);
    private static final Duration MAX = Duration.ofSeconds(MAX_SECONDS);

    private Lifetime() {}

    static @Nullable Duration ofFile(@Nullable String anchor, @Nullable String seconds) {
        if (anchor == null && seconds == null) {
            return null;
        }
        if (!"created_at".equals(anchor)) {
            throw Problem.invalid("expires_after[anchor]", "'expires_after[anchor]' must be 'created_at'.");
        }
        if (seconds == null || !seconds.matches("\\d{1,9}")) {
            throw outOfRange();
        }
        Duration lifetime = Duration.ofSeconds(Long.parseLong(seconds));
        if (lifetime.compareTo(MIN) < 0 || lifetime.compareTo(MAX) > 0) {
            throw outOfRange();
        }
        return lifetime;
    }

    private static Problem outOfRange() {
        return Problem.invalid(
                "expires_after[seconds]",
                "'expires_after[seconds]' must be between %d and %d.".formatted(MIN.toSeconds(), MAX.toSeconds()));
    }
}

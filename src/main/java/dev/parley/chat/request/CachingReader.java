package dev.parley.chat.request;

import dev.parley.api.JsonField;
import dev.parley.chat.Caching;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads `parley.cache`: a mode, or an object with a mode and a time to live.
public final class CachingReader {

    private static final int LONGEST_TTL = 30 * 24 * 60 * 60;

    private CachingReader() {}

    /// Null when the request does not say.
    ///
    /// @throws dev.parley.problem.Problem (400) for what is no way to use the cache
    public static @Nullable Caching read(Optional<JsonField> parley) {
        return parley.flatMap(field -> field.find("cache"))
                .map(CachingReader::of)
                .orElse(null);
    }

    private static Caching of(JsonField cache) {
        if (!cache.value().isObject()) {
            return new Caching(mode(cache), null);
        }
        cache.allowOnly(Set.of("mode", "ttl_seconds"));
        return new Caching(
                cache.find("mode").map(CachingReader::mode).orElse(Caching.Mode.ON),
                cache.find("ttl_seconds")
                        .map(ttl -> Duration.ofSeconds(ttl.integer(1, LONGEST_TTL)))
                        .orElse(null));
    }

    private static Caching.Mode mode(JsonField mode) {
        return switch (mode.oneOf(Set.of("on", "off", "read_only", "write_only"))) {
            case "on" -> Caching.Mode.ON;
            case "read_only" -> Caching.Mode.READ_ONLY;
            case "write_only" -> Caching.Mode.WRITE_ONLY;
            default -> Caching.Mode.OFF;
        };
    }
}

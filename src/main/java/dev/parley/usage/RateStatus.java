package dev.parley.usage;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How much of the tightest rate limits is left.
///
/// Source: https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers
///
/// @param requests null when no limit of requests applies
/// @param tokens null when no limit of tokens applies
public record RateStatus(@Nullable Side requests, @Nullable Side tokens) {

    public static final RateStatus UNLIMITED = new RateStatus(null, null);

    /// @param reset until it is full again
    public record Side(long limit, long remaining, Duration reset) {}

    /// OpenAI's `x-ratelimit-*` headers.
    public Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        put(headers, "requests", requests);
        put(headers, "tokens", tokens);
        return headers;
    }

    private static void put(Map<String, String> headers, String what, @Nullable Side side) {
        if (side != null) {
            headers.put("x-ratelimit-limit-" + what, Long.toString(side.limit));
            headers.put("x-ratelimit-remaining-" + what, Long.toString(side.remaining));
            headers.put("x-ratelimit-reset-" + what, text(side.reset));
        }
    }

    /// As OpenAI writes durations: `120ms`, `1s`, `6m0s`.
    private static String text(Duration duration) {
        if (duration.toSeconds() == 0) {
            return duration.toMillis() + "ms";
        }
        return duration.toMinutes() == 0
                ? duration.toSeconds() + "s"
                : duration.toMinutes() + "m" + duration.toSecondsPart() + "s";
    }
}

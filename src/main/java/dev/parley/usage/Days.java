package dev.parley.usage;

import dev.parley.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Whole UTC days.
///
/// @param start of the first
/// @param end of the last
record Days(Instant start, Instant end) {

    static final int MOST = 92;
    private static final Duration DEFAULT = Duration.ofDays(7);
    static final Duration ONE = Duration.ofDays(1);

    /// The year 2200: what lies beyond is milliseconds by mistake.
    private static final long LATEST = 7_258_118_400L;

    /// The days that a range of Unix seconds touches; the last seven of them and the one that has begun by default.
    ///
    /// @throws Problem (400) that names `start_time` or `end_time`
    static Days touchedBy(@Nullable Long startTime, @Nullable Long endTime, Instant now) {
        Instant end = endTime == null ? now : instant("end_time", endTime);
        Instant start = startTime == null ? end.minus(DEFAULT) : instant("start_time", startTime);
        if (!start.isBefore(end)) {
            throw Problem.invalid("start_time", "'start_time' must be before 'end_time'.");
        }
        var days = new Days(
                start.truncatedTo(ChronoUnit.DAYS),
                end.minusMillis(1).truncatedTo(ChronoUnit.DAYS).plus(ONE));
        if (days.start.until(days.end, ChronoUnit.DAYS) > MOST) {
            throw Problem.invalid("start_time", "At most %d days can be asked for at once.".formatted(MOST));
        }
        return days;
    }

    /// The start of each.
    List<Instant> each() {
        return Stream.iterate(start, day -> day.isBefore(end), day -> day.plus(ONE))
                .toList();
    }

    /// The least UUIDv7 of a moment. Its first 48 bits are milliseconds.
    ///
    /// Source: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
    static UUID leastId(Instant moment) {
        return new UUID(moment.toEpochMilli() << 16, 0);
    }

    private static Instant instant(String param, long seconds) {
        if (seconds < 0 || seconds > LATEST) {
            throw Problem.invalid(param, "'%s' must be a Unix time in seconds.".formatted(param));
        }
        return Instant.ofEpochSecond(seconds);
    }
}

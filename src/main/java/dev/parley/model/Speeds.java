package dev.parley.model;

import dev.parley.model.SharedBreakers.ModelKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How soon models answered lately, as this process saw it: until the first token of a stream, until the end of a
/// whole answer.
@ApplicationScoped
class Speeds {

    /// How much of the mean the latest answer is: a slow one weighs, and does not decide.
    private static final double LATEST = 0.2;

    /// How long a measurement says something. After it the model is tried again, or it could never become the
    /// fastest.
    private static final Duration FRESH = Duration.ofMinutes(5);

    private final Clock clock;
    private final Map<ModelKey, Measured> measured = new ConcurrentHashMap<>();

    Speeds(Clock clock) {
        this.clock = clock;
    }

    private record Measured(double nanos, Instant at) {}

    void answered(ModelKey model, Duration after) {
        Instant now = clock.instant();
        measured.merge(
                model,
                new Measured(after.toNanos(), now),
                (before, latest) -> isStale(before, now)
                        ? latest
                        : new Measured(before.nanos + LATEST * (latest.nanos - before.nanos), now));
    }

    /// The mean of late; zero when there is none.
    Duration of(ModelKey model) {
        Measured known = measured.get(model);
        return known == null || isStale(known, clock.instant()) ? Duration.ZERO : Duration.ofNanos((long) known.nanos);
    }

    private static boolean isStale(Measured measured, Instant now) {
        return measured.at.plus(FRESH).isBefore(now);
    }
}

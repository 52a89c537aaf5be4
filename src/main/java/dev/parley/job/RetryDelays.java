package dev.parley.job;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next attempt: exponential, and jittered so that what failed together does not come
/// back together.
record RetryDelays(Duration first, Duration longest, RandomGenerator random) {

    private static final double FACTOR = 3;

    /// Between half of and the whole exponential delay.
    ///
    /// @param attempts that have failed so far, from 1
    Duration after(int attempts) {
        double millis = Math.min(longest.toMillis(), first.toMillis() * Math.pow(FACTOR, attempts - 1.0));
        return Duration.ofMillis((long) (millis * random.nextDouble(0.5, 1)));
    }
}

package dev.parley.egress;

import java.time.Duration;

/// When a request has to be over.
///
/// @param end on the clock of `System.nanoTime`
record Deadline(long end) {

    static Deadline in(Duration total) {
        return new Deadline(System.nanoTime() + total.toNanos());
    }

    /// What is left, at least 0.
    long nanos() {
        return Math.max(0, end - System.nanoTime());
    }

    /// The limit, as far as there is time left for it.
    long nanos(Duration limit) {
        return Math.min(nanos(), limit.toNanos());
    }
}

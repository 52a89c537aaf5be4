package dev.parley.batch;

import dev.parley.usage.RateStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What batches leave of rate limits to those who wait for an answer.
///
/// @param share of each limit
record Headroom(double share) {

    private static final double MINUTE_MILLIS = 60_000;

    /// Until there is that much again. A limit is refilled evenly, from nothing to all of it in a minute.
    Duration pause(RateStatus rates) {
        double lack = Math.max(lack(rates.requests()), lack(rates.tokens()));
        return Duration.ofMillis(Math.round(lack * MINUTE_MILLIS));
    }

    private double lack(RateStatus.@Nullable Side side) {
        return side == null ? 0 : Math.max(0, share - (double) side.remaining() / side.limit());
    }
}

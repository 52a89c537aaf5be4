package dev.parley.ingestion.source;

import java.time.Duration;

/// How often what may pass is tried, and how long it is left alone in between.
///
/// @param first the first pause; it triples from try to try
record Tries(Duration first) {

    static final int MOST = 3;

    /// @param failed how often it has failed by now
    static boolean areOver(int failed) {
        return failed >= MOST;
    }

    /// @param failed how often it has failed by now, at least once
    Duration pause(int failed) {
        return first.multipliedBy((long) Math.pow(3, failed - 1));
    }
}

package dev.parley.stream;

import dev.parley.problem.Problem;
import java.time.Duration;

/// How long a reader has had no answer from the database.
final class Outage {

    private final Duration patience;
    private boolean goingOn;
    private long since;

    Outage(Duration patience) {
        this.patience = patience;
    }

    void ended() {
        goingOn = false;
    }

    /// @throws Problem the given one, when it has gone on for too long
    void goesOn(Problem problem) {
        long now = System.nanoTime();
        if (!goingOn) {
            goingOn = true;
            since = now;
        } else if (now - since > patience.toNanos()) {
            throw problem;
        }
    }
}

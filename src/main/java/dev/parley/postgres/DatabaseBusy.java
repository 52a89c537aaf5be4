package dev.parley.postgres;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.time.Duration;

/// Others held what a statement needs. Nothing of its transaction was written.
public final class DatabaseBusy extends Problem {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final boolean yielded;

    public DatabaseBusy(boolean yielded) {
        super(
                ProblemKind.UNAVAILABLE,
                "database_busy",
                null,
                "Another request changed the same data at the same time. Please retry.",
                RETRY_AFTER);
        this.yielded = yielded;
    }

    /// Whether it was given up so that others could go on, and will likely succeed when it is sent again. If not, it
    /// waited for a lock for as long as it may.
    public boolean hasYielded() {
        return yielded;
    }
}

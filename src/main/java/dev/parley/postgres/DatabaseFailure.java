package dev.parley.postgres;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.sql.SQLException;
import java.time.Duration;

/// What a failed statement means to a caller: a database that is away is a passing problem, anything else our fault.
public final class DatabaseFailure extends RuntimeException {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final String sqlState;

    private DatabaseFailure(SQLException cause) {
        super(cause);
        this.sqlState = String.valueOf(cause.getSQLState());
    }

    static RuntimeException of(SQLException failure) {
        return isAway(failure)
                ? Problem.passing(
                        ProblemKind.UNAVAILABLE,
                        "database_unavailable",
                        "The database is not available right now. Please retry shortly.",
                        RETRY_AFTER)
                : new DatabaseFailure(failure);
    }

    /// A unique or primary key was taken already.
    public boolean isDuplicate() {
        return "23505".equals(sqlState);
    }

    /// The row that a foreign key names does not exist (any more).
    public boolean isDangling() {
        return "23503".equals(sqlState);
    }

    /// Class 08: connection failures. 57P0x: shut down. 53300: no connections left. No state: the pool's time-out.
    private static boolean isAway(SQLException failure) {
        String state = failure.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("57P") || state.equals("53300");
    }
}

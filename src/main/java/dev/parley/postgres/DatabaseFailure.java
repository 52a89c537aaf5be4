package dev.parley.postgres;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a failed statement or commit means to a caller: what passes is a [Problem] to retry, anything else our fault.
///
/// Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
public final class DatabaseFailure extends RuntimeException {

    private static final String AWAY_CODE = "database_unavailable";
    private static final Duration AWAY = Duration.ofSeconds(5);
    private static final int DEEPEST_CAUSE = 16;

    private final String sqlState;

    private DatabaseFailure(SQLException cause) {
        super(cause);
        this.sqlState = String.valueOf(cause.getSQLState());
    }

    static RuntimeException of(SQLException failure) {
        String state = failure.getSQLState();
        if (isAway(state)) {
            return away();
        }
        return switch (state) {
            case "40P01", "40001" -> new DatabaseBusy(true);
            case "55P03" -> new DatabaseBusy(false);
            case "57014" ->
                Problem.of(ProblemKind.TIMED_OUT, "database_timeout", "The database took too long to answer.");
            default -> new DatabaseFailure(failure);
        };
    }

    static Problem away() {
        return Problem.passing(
                ProblemKind.UNAVAILABLE,
                AWAY_CODE,
                "The database is not available right now. Please retry shortly.",
                AWAY);
    }

    /// Whether a failure that was told this way leaves open if there is a database at all.
    static boolean isAway(RuntimeException told) {
        return told instanceof Problem problem && problem.code().equals(AWAY_CODE);
    }

    /// Whatever wraps it: Hibernate, or a commit, whose transaction manager keeps the driver's failure as a suppressed
    /// one.
    static RuntimeException of(RuntimeException failure) {
        return driversFailure(failure, 0).map(DatabaseFailure::of).orElse(failure);
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
    private static boolean isAway(@Nullable String state) {
        return state == null || state.startsWith("08") || state.startsWith("57P") || state.equals("53300");
    }

    private static Optional<SQLException> driversFailure(Throwable thrown, int depth) {
        if (thrown instanceof SQLException found) {
            return Optional.of(found);
        }
        if (depth > DEEPEST_CAUSE) {
            return Optional.empty();
        }
        return Stream.concat(Stream.ofNullable(thrown.getCause()), Arrays.stream(thrown.getSuppressed()))
                .flatMap(each -> driversFailure(each, depth + 1).stream())
                .findFirst();
    }
}

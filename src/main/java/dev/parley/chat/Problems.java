package dev.parley.chat;

import dev.parley.postgres.Ids;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.time.Duration;
import java.util.UUID;

/// Failures of turns that no feature below tells.
public final class Problems {

    private Problems() {}

    /// Somebody asked for its end.
    public static Problem cancelled() {
        return Problem.of(ProblemKind.CONFLICT, "turn_cancelled", "The turn was cancelled.");
    }

    /// The lease ran out: the process was too slow, or dead.
    public static Problem lost() {
        return Problem.of(
                ProblemKind.UNAVAILABLE,
                "turn_lost",
                "The process that ran this turn died. What it had spent is booked as an estimate.");
    }

    /// @param lastEvent that was written down; -1 for none
    public static Problem lost(long lastEvent) {
        return Problem.of(
                ProblemKind.UNAVAILABLE,
                "turn_lost",
                "The process that ran this turn died. The last event that was kept is %d.".formatted(lastEvent));
    }

    /// Of a stream, from the first to the last: they were never written down.
    public static Problem eventsLost(long first, long last) {
        return Problem.of(
                ProblemKind.UNAVAILABLE,
                "events_lost",
                "Events %d to %d of this stream were lost while the database was away.".formatted(first, last));
    }

    /// What the turn had said was deleted. Only a response can be, so it is named like one.
    static Problem deleted(UUID turn) {
        return Problem.notFound("response", Ids.format("resp_", turn));
    }

    static Problem inProgress() {
        return Problem.passing(
                ProblemKind.CONFLICT,
                "request_in_progress",
                "A request with this Idempotency-Key is still under way.",
                Duration.ofSeconds(1));
    }

    /// The process had to end before the turn did.
    public static Problem stopped() {
        return Problem.passing(
                ProblemKind.UNAVAILABLE,
                "server_shutting_down",
                "This process shuts down and had to end the turn. What it used is paid.",
                Duration.ofSeconds(1));
    }

    /// A mistake of ours, which the log has.
    public static Problem unexpected() {
        return Problem.of(
                ProblemKind.INTERNAL, "internal_error", "The server had an error while processing your request.");
    }
}

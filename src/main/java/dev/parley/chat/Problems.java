package dev.parley.chat;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.time.Duration;

/// Failures of turns that no feature below tells.
final class Problems {

    private Problems() {}

    static Problem cancelled() {
        return Problem.of(ProblemKind.CONFLICT, "turn_cancelled", "The turn was cancelled.");
    }

    /// The lease ran out: the process was too slow, or dead.
    static Problem lost() {
        return Problem.of(
                ProblemKind.UNAVAILABLE,
                "turn_lost",
                "The process that ran this turn died. What it had spent is booked as an estimate.");
    }

    /// @param lastEvent that was written down; -1 for none
    static Problem lost(long lastEvent) {
        return Problem.of(
                ProblemKind.UNAVAILABLE,
                "turn_lost",
                "The process that ran this turn died. The last event that was kept is %d.".formatted(lastEvent));
    }

    static Problem eventsLost(long first, long last) {
        return Problem.of(
                ProblemKind.UNAVAILABLE,
                "events_lost",
                "Events %d to %d of this stream were lost while the database was away.".formatted(first, last));
    }

    static Problem inProgress() {
        return Problem.passing(
                ProblemKind.CONFLICT,
                "request_in_progress",
                "A request with this Idempotency-Key is still under way.",
                Duration.ofSeconds(1));
    }

    /// The process had to end before the turn did.
    static Problem stopped() {
        return Problem.passing(
                ProblemKind.UNAVAILABLE,
                "server_shutting_down",
                "This process shuts down and had to end the turn. What it used is paid.",
                Duration.ofSeconds(1));
    }

    static Problem unexpected() {
        return Problem.of(
                ProblemKind.INTERNAL, "internal_error", "The server had an error while processing your request.");
    }
}

package dev.parley.chat;

import dev.parley.invocation.Deadline;
import dev.parley.postgres.Ids;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.tool.StoredCall;
import dev.parley.tool.ToolResult;
import dev.parley.usage.Lease;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

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

    /// The same of a turn that had called tools which change something.
    static Problem lost(List<StoredCall> calls) {
        return withCalls(lost(), calls);
    }

    /// @param lastEvent that was written down; -1 for none
    /// @param calls of tools which change something
    public static Problem lost(long lastEvent, List<StoredCall> calls) {
        Problem lost = Problem.of(
                ProblemKind.UNAVAILABLE,
                "turn_lost",
                "The process that ran this turn died. The last event that was kept is %d.".formatted(lastEvent));
        return withCalls(lost, calls);
    }

    private static Problem withCalls(Problem lost, List<StoredCall> calls) {
        return calls.isEmpty()
                ? lost
                : Problem.of(
                        lost.kind(),
                        lost.code(),
                        "%s It had called tools: %s. GET /v1/tool_calls/{id} tells more."
                                .formatted(
                                        lost.getMessage(),
                                        calls.stream().map(Problems::told).collect(Collectors.joining("; "))));
    }

    private static String told(StoredCall call) {
        return "%s (%s, %s)"
                .formatted(call.id(), call.asked().tool(), call.shownStatus().code());
    }

    /// Of a stream, from the first to the last: they were never written down.
    public static Problem eventsLost(long first, long last) {
        return Problem.of(
                ProblemKind.UNAVAILABLE,
                "events_lost",
                "Events %d to %d of this stream were lost while the database was away.".formatted(first, last));
    }

    /// The turn that is to be continued waits for somebody.
    static Problem approvalPending(List<ToolResult> calls) {
        return Problem.of(
                ProblemKind.CONFLICT,
                "approval_pending",
                "Tool calls wait for an approval: %s. POST /v1/tool_calls/{id}/approve or /deny, then send this again."
                        .formatted(calls.stream()
                                .map(call -> "%s (%s)"
                                        .formatted(call.call().id(), call.call().tool()))
                                .collect(Collectors.joining(", "))));
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

    /// The time of the function that ran it was up before the turn had anything to show.
    static Problem outOfTime() {
        return Problem.of(
                ProblemKind.TIMED_OUT,
                Deadline.REACHED,
                "This took longer than the function may run and was ended. What it used is paid. A streamed answer keeps "
                        + "what is said until then, and a response in the background has more time.");
    }

    /// Why a turn whose lease is over had to end.
    public static Problem ended(Lease lease) {
        if (lease.isCancelled()) {
            return cancelled();
        }
        if (lease.isOutOfTime()) {
            return outOfTime();
        }
        return lease.isStopped() ? stopped() : lost();
    }

    /// A mistake of ours, which the log has.
    public static Problem unexpected() {
        return Problem.of(
                ProblemKind.INTERNAL, "internal_error", "The server had an error while processing your request.");
    }
}

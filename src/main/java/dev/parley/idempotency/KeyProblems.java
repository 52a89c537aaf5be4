package dev.parley.idempotency;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.time.Duration;

/// How a key that cannot be claimed is told to its client.
public final class KeyProblems {

    private KeyProblems() {}

    public static Problem reused() {
        return Problem.of(
                ProblemKind.UNPROCESSABLE,
                "idempotency_key_reused",
                "This Idempotency-Key was used for another request. Use a new one for each request.");
    }

    public static Problem inProgress() {
        return Problem.passing(
                ProblemKind.CONFLICT,
                "request_in_progress",
                "A request with this Idempotency-Key is still under way.",
                Duration.ofSeconds(1));
    }
}

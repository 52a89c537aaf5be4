package dev.parley.chat;

import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Caller;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.usage.Admissions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Turns of requests that could not become one again: since they were answered, what they refer to was deleted or their
/// model left the catalog. Whoever repeats one under its `Idempotency-Key` gets its answer all the same.
///
/// Nobody else pays for that: keys are looked up only for requests that are refused.
@ApplicationScoped
public class FormerTurns {

    private final Admissions admissions;

    FormerTurns(Admissions admissions) {
        this.admissions = admissions;
    }

    /// @param refusal why the request cannot be admitted now
    /// @throws Problem the refusal, when the request was never admitted
    public UUID find(Caller caller, @Nullable IdempotencyKey key, Problem refusal) {
        if (key == null || !mayHaveBeenFine(refusal.kind())) {
            throw refusal;
        }
        return admissions.former(caller, key).orElseThrow(() -> refusal);
    }

    private static boolean mayHaveBeenFine(ProblemKind kind) {
        return kind == ProblemKind.INVALID_REQUEST || kind == ProblemKind.NOT_FOUND;
    }
}

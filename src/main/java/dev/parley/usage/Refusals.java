package dev.parley.usage;

import dev.parley.idempotency.KeyProblems;
import dev.parley.model.Bound;
import dev.parley.postgres.Ids;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How refused admissions are told to clients.
final class Refusals {

    private Refusals() {}

    static Problem keyReused() {
        return KeyProblems.reused();
    }

    static Problem keyInProgress() {
        return KeyProblems.inProgress();
    }

    static Problem conversationMissing(@Nullable UUID conversation) {
        return Problem.notFound("conversation", conversation == null ? "" : Ids.format("conv_", conversation));
    }

    static Problem conversationLocked() {
        return Problem.passing(
                ProblemKind.CONFLICT,
                "conversation_locked",
                "Another turn or change of this conversation is under way. Retry when it has ended.",
                Duration.ofSeconds(1));
    }

    /// @param retryAfterMs null when the request is larger than a whole minute's worth
    static Problem rate(@Nullable UUID limit, @Nullable Long retryAfterMs, Bound bound, RateStatus rates) {
        if (retryAfterMs == null) {
            return Refusal.lasting(
                    "rate_limit_exceeded",
                    "This request may use %d tokens, more than %s allows in a minute. Lower its output limit or shorten it."
                            .formatted(bound.tokens(), name(RateLimitId.PREFIX, limit)),
                    rates);
        }
        return Refusal.passing(
                "rate_limit_exceeded",
                "The rate limit %s is reached. Please retry in %.1f seconds."
                        .formatted(name(RateLimitId.PREFIX, limit), retryAfterMs / 1000.0),
                Duration.ofMillis(retryAfterMs),
                rates);
    }

    static Problem budget(@Nullable UUID budget, RateStatus rates) {
        return Refusal.lasting(
                "insufficient_quota",
                "The budget %s does not cover this request. Raise it or wait for its next period."
                        .formatted(name(BudgetId.PREFIX, budget)),
                rates);
    }

    private static String name(String prefix, @Nullable UUID id) {
        return id == null ? "" : Ids.format(prefix, id);
    }
}

package dev.parley.chat;

import dev.parley.idempotency.IdempotencyKey;
import dev.parley.postgres.Json;
import dev.parley.postgres.TenantId;
import dev.parley.problem.ErrorEnvelope;
import dev.parley.problem.Problem;
import dev.parley.usage.RateStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/// What became of lines that were run before.
@ApplicationScoped
class LineReplays {

    private final Replays replays;
    private final FormerTurns formerTurns;
    private final Json json;

    LineReplays(Replays replays, FormerTurns formerTurns, Json json) {
        this.replays = replays;
        this.formerTurns = formerTurns;
        this.json = json;
    }

    /// Of a line that cannot be run now.
    ///
    /// @throws Problem the refusal, when it never was
    LineAnswer former(LineRequest line, IdempotencyKey key, Problem refusal) throws InterruptedException {
        return outcome(line.caller().tenant(), formerTurns.find(line.caller(), key, refusal));
    }

    /// A turn whose owner died is an outcome too.
    ///
    /// @throws Problem when it is still under way
    LineAnswer outcome(TenantId tenant, UUID first) throws InterruptedException {
        try {
            return LineAnswer.of(first, replays.outcome(tenant, first), RateStatus.UNLIMITED);
        } catch (Problem problem) {
            if (problem.retryAfter().isPresent()) {
                throw problem;
            }
            String body = json.write(ErrorEnvelope.of(problem));
            return new LineAnswer(first, problem.kind().status(), body, null, RateStatus.UNLIMITED);
        }
    }
}

package dev.parley.chat;

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
    private final Json json;

    LineReplays(Replays replays, Json json) {
        this.replays = replays;
        this.json = json;
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

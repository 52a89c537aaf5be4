package dev.parley.chat;

import dev.parley.idempotency.IdempotencyKey;
import dev.parley.postgres.Json;
import dev.parley.postgres.TenantId;
import dev.parley.problem.ErrorEnvelope;
import dev.parley.problem.Problem;
import dev.parley.usage.RateStatus;
import dev.parley.usage.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/// Runs requests without a client, the lines of a batch: paid and kept like any other turn, told whole. Each face
/// admits its own, and has the entry that other features use.
///
/// A request is run once: whoever asks again under its key gets what became of it, also when its process died.
@ApplicationScoped
public class Lines {

    private final UnattendedTurns turns;
    private final Replays replays;
    private final FormerTurns formerTurns;
    private final Json json;

    Lines(UnattendedTurns turns, Replays replays, FormerTurns formerTurns, Json json) {
        this.turns = turns;
        this.replays = replays;
        this.formerTurns = formerTurns;
        this.json = json;
    }

    /// Runs a line that was admitted, or tells what became of it when it was so before.
    ///
    /// @throws Problem when it is still under way elsewhere
    public LineAnswer answer(LineRequest line, Stage.Show show, Verdict verdict) throws InterruptedException {
        TenantId tenant = line.caller().tenant();
        return switch (verdict) {
            case Verdict.Admitted admitted -> {
                var running = new AdmittedTurn(
                        admitted.ticket(),
                        new Asker(tenant, line.requestId(), line.deadline()),
                        show.applicant().request(),
                        new AdmittedTurn.Manner(false, true));
                Told told = turns.run(running, show.face());
                yield LineAnswer.of(show.applicant().id(), told, admitted.rates());
            }
            case Verdict.Repeated repeated -> outcome(tenant, repeated.turn());
        };
    }

    /// What became of a line that cannot be run now.
    ///
    /// @throws Problem the refusal, when it never was
    public LineAnswer former(LineRequest line, IdempotencyKey key, Problem refusal) throws InterruptedException {
        return outcome(line.caller().tenant(), formerTurns.find(line.caller(), key, refusal));
    }

    /// What became of a line that was run before. A turn whose owner died is an outcome too.
    ///
    /// @throws Problem when it is still under way
    public LineAnswer outcome(TenantId tenant, UUID first) throws InterruptedException {
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

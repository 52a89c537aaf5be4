package dev.parley.chat;

import dev.parley.idempotency.IdempotencyKey;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.usage.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Objects;

/// Runs requests without a client, the lines of a batch: admitted, paid and kept like any other turn, told whole.
///
/// A request is run once: whoever asks again under its key gets what became of it, also when its process died.
@ApplicationScoped
public class Lines {

    private final CompletionReception completions;
    private final ResponseReception responses;
    private final Turn turn;
    private final LineReplays replays;

    Lines(CompletionReception completions, ResponseReception responses, Turn turn, LineReplays replays) {
        this.completions = completions;
        this.responses = responses;
        this.turn = turn;
        this.replays = replays;
    }

    /// Like `POST /v1/chat/completions`, without streaming.
    ///
    /// @throws Problem when it was not admitted, or is still under way elsewhere; nothing was spent by this call
    public LineAnswer completion(LineRequest line) throws IOException, InterruptedException {
        IdempotencyKey key = key(line, "POST /v1/chat/completions");
        CompletionReception.Received received;
        try {
            received = completions.receive(line.caller(), line.body(), key);
        } catch (Problem refusal) {
            return replays.former(line, key, refusal);
        }
        return answer(line, received.show(), received.verdict());
    }

    /// Like `POST /v1/responses`, neither streaming nor in the background.
    ///
    /// @throws Problem as [#completion]
    public LineAnswer response(LineRequest line) throws IOException, InterruptedException {
        IdempotencyKey key = key(line, "POST /v1/responses");
        ResponseReception.Received received;
        try {
            received = responses.receive(line.caller(), line.body(), key);
        } catch (Problem refusal) {
            return replays.former(line, key, refusal);
        }
        return answer(line, received.show(), received.verdict());
    }

    private LineAnswer answer(LineRequest line, Stage.Show show, Verdict verdict) throws InterruptedException {
        TenantId tenant = line.caller().tenant();
        return switch (verdict) {
            case Verdict.Admitted admitted -> {
                var running = new AdmittedTurn(
                        admitted.ticket(),
                        new Asker(tenant, line.requestId()),
                        show.applicant().request(),
                        new AdmittedTurn.Manner(false, true));
                Told told = turn.run(running, show.face(), TurnFrames.NONE);
                yield LineAnswer.of(show.applicant().id(), told, admitted.rates());
            }
            case Verdict.Repeated repeated -> replays.outcome(tenant, repeated.turn());
        };
    }

    static IdempotencyKey key(LineRequest line, String request) {
        return Objects.requireNonNull(IdempotencyKey.of(line.key(), request, line.body()));
    }
}

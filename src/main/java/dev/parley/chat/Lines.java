package dev.parley.chat;

import dev.parley.api.JsonField;
import dev.parley.idempotency.IdempotencyKey;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.usage.TurnKind;
import dev.parley.usage.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;

/// Runs requests without a client, the lines of a batch: admitted, paid and kept like any other turn, told whole.
///
/// A request is run once: whoever asks again under its key gets what became of it, also when its process died.
@ApplicationScoped
public class Lines {

    private final Reception reception;
    private final ResponseReception responses;
    private final Turn turn;
    private final LineReplays replays;
    private final CompletionReader reader;
    private final Json json;
    private final Clock clock;

    Lines(
            Reception reception,
            ResponseReception responses,
            Turn turn,
            LineReplays replays,
            ChatConfig config,
            Json json,
            Clock clock) {
        this.reception = reception;
        this.responses = responses;
        this.turn = turn;
        this.replays = replays;
        this.reader = new CompletionReader(config);
        this.json = json;
        this.clock = clock;
    }

    /// Like `POST /v1/chat/completions`, without streaming.
    ///
    /// @throws Problem when it was not admitted, or is still under way elsewhere; nothing was spent by this call
    public LineAnswer completion(LineRequest line) throws IOException, InterruptedException {
        CompletionRequest request = reader.read(JsonField.root(json.body(line.body())));
        var applicant = new Applicant(
                Ids.next(),
                TurnKind.CHAT_COMPLETION,
                line.caller(),
                reception.limited(request.turn()),
                key(line, "POST /v1/chat/completions"),
                Applicant.Keeping.NOTHING);
        Verdict verdict = reception.admit(applicant);
        var head = CompletionHead.of(applicant.id(), request.turn().model(), clock);
        return answer(line, applicant, verdict, new CompletionFace(head, false, json));
    }

    /// Like `POST /v1/responses`, neither streaming nor in the background.
    ///
    /// @throws Problem as [#completion]
    public LineAnswer response(LineRequest line) throws IOException, InterruptedException {
        ResponseReception.Received received =
                responses.receive(line.caller(), line.body(), key(line, "POST /v1/responses"));
        Stage.Show show = received.show();
        return answer(line, show.applicant(), received.verdict(), show.face());
    }

    private LineAnswer answer(LineRequest line, Applicant applicant, Verdict verdict, Face face)
            throws InterruptedException {
        TenantId tenant = line.caller().tenant();
        return switch (verdict) {
            case Verdict.Admitted admitted -> {
                var running = new AdmittedTurn(
                        admitted.ticket(),
                        new Asker(tenant, line.requestId()),
                        applicant.request(),
                        new AdmittedTurn.Manner(false, true));
                Told told = turn.run(running, face, TurnFrames.NONE);
                yield LineAnswer.of(applicant.id(), told, admitted.rates());
            }
            case Verdict.Repeated repeated -> replays.outcome(tenant, repeated.turn());
        };
    }

    static IdempotencyKey key(LineRequest line, String request) {
        return Objects.requireNonNull(IdempotencyKey.of(line.key(), request, line.body()));
    }
}

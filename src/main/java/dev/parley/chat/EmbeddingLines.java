package dev.parley.chat;

import dev.parley.idempotency.IdempotencyKey;
import dev.parley.problem.Problem;
import dev.parley.usage.Ticket;
import dev.parley.usage.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/// What [Lines] is for answers, for vectors.
@ApplicationScoped
public class EmbeddingLines {

    private final EmbeddingReception reception;
    private final EmbeddingTurn turn;
    private final LineReplays replays;

    EmbeddingLines(EmbeddingReception reception, EmbeddingTurn turn, LineReplays replays) {
        this.reception = reception;
        this.turn = turn;
        this.replays = replays;
    }

    /// Like `POST /v1/embeddings`.
    ///
    /// @throws Problem as [Lines#completion]
    public LineAnswer embedding(LineRequest line) throws IOException, InterruptedException {
        IdempotencyKey key = Lines.key(line, "POST /v1/embeddings");
        EmbeddingReception.Received received;
        try {
            received = reception.receive(line.caller(), line.body(), key);
        } catch (Problem refusal) {
            return replays.former(line, key, refusal);
        }
        return switch (received.verdict()) {
            case Verdict.Admitted admitted -> {
                Ticket ticket = admitted.ticket();
                yield LineAnswer.of(ticket.turn(), turn.run(ticket, received.request(), true), admitted.rates());
            }
            case Verdict.Repeated repeated -> replays.outcome(line.caller().tenant(), repeated.turn());
        };
    }
}

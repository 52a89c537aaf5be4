package dev.parley.chat.embeddings;

import dev.parley.chat.LineAnswer;
import dev.parley.chat.LineRequest;
import dev.parley.chat.Lines;
import dev.parley.idempotency.IdempotencyKey;
import dev.parley.problem.Problem;
import dev.parley.usage.Ticket;
import dev.parley.usage.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/// Requests for vectors without a client. A request is run once: see [Lines].
@ApplicationScoped
public class EmbeddingLines {

    private final EmbeddingReception reception;
    private final EmbeddingTurn turn;
    private final Lines lines;

    EmbeddingLines(EmbeddingReception reception, EmbeddingTurn turn, Lines lines) {
        this.reception = reception;
        this.turn = turn;
        this.lines = lines;
    }

    /// Like `POST /v1/embeddings`.
    ///
    /// @throws Problem when it was not admitted, or is still under way elsewhere; nothing was spent by this call
    public LineAnswer run(LineRequest line) throws IOException, InterruptedException {
        IdempotencyKey key = line.idempotencyKey("POST /v1/embeddings");
        EmbeddingReception.Received received;
        try {
            received = reception.receive(line.caller(), line.body(), key);
        } catch (Problem refusal) {
            return lines.former(line, key, refusal);
        }
        return switch (received.verdict()) {
            case Verdict.Admitted admitted -> {
                Ticket ticket = admitted.ticket();
                yield LineAnswer.of(
                        ticket.turn(), turn.run(ticket, received.request(), true, line.deadline()), admitted.rates());
            }
            case Verdict.Repeated repeated -> lines.outcome(line.caller().tenant(), repeated.turn());
        };
    }
}

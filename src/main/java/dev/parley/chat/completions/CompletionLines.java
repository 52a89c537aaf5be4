package dev.parley.chat.completions;

import dev.parley.chat.LineAnswer;
import dev.parley.chat.LineRequest;
import dev.parley.chat.Lines;
import dev.parley.idempotency.IdempotencyKey;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/// Chat completions without a client. A request is run once: see [Lines].
@ApplicationScoped
public class CompletionLines {

    private final CompletionReception reception;
    private final Lines lines;

    CompletionLines(CompletionReception reception, Lines lines) {
        this.reception = reception;
        this.lines = lines;
    }

    /// Like `POST /v1/chat/completions`, without streaming.
    ///
    /// @throws Problem when it was not admitted, or is still under way elsewhere; nothing was spent by this call
    public LineAnswer run(LineRequest line) throws IOException, InterruptedException {
        IdempotencyKey key = line.idempotencyKey("POST /v1/chat/completions");
        CompletionReception.Received received;
        try {
            received = reception.receive(line.caller(), line.body(), key);
        } catch (Problem refusal) {
            return lines.former(line, key, refusal);
        }
        return lines.answer(line, received.show(), received.verdict());
    }
}

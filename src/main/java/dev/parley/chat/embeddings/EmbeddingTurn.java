package dev.parley.chat.embeddings;

import dev.parley.chat.Problems;
import dev.parley.chat.Told;
import dev.parley.invocation.Deadline;
import dev.parley.model.EmbeddingModels;
import dev.parley.model.Embeddings;
import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Json;
import dev.parley.problem.ErrorEnvelope;
import dev.parley.problem.Problem;
import dev.parley.usage.Fate;
import dev.parley.usage.Lease;
import dev.parley.usage.Leases;
import dev.parley.usage.Settlement;
import dev.parley.usage.Settlements;
import dev.parley.usage.Ticket;
import dev.parley.usage.TopUps;
import dev.parley.usage.TurnLost;
import dev.parley.usage.TurnSpend;
import dev.parley.usage.TurnStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jboss.logging.Logger;

/// A request for vectors as an admitted turn: embed, settle. Whatever goes wrong is an outcome like any other.
@ApplicationScoped
class EmbeddingTurn {

    private static final Logger LOG = Logger.getLogger(EmbeddingTurn.class);

    private final EmbeddingModels models;
    private final Leases leases;
    private final TopUps topUps;
    private final Settlements settlements;
    private final ContentCodec codec;
    private final Json json;

    EmbeddingTurn(
            EmbeddingModels models,
            Leases leases,
            TopUps topUps,
            Settlements settlements,
            ContentCodec codec,
            Json json) {
        this.models = models;
        this.leases = leases;
        this.topUps = topUps;
        this.settlements = settlements;
        this.codec = codec;
        this.json = json;
    }

    /// @param kept whether a retry gets this answer
    /// @param deadline by when it must have ended
    Told run(Ticket ticket, EmbeddingsRequest request, boolean kept, Deadline deadline) {
        try (Lease lease = leases.keep(ticket, deadline)) {
            TurnSpend spend = topUps.open(lease);
            Told told = embed(request, spend, lease);
            byte[] answer = kept ? codec.encode(ticket.tenant(), told.encode(json)) : null;
            Fate fate = settlements.settleSurely(new Settlement(
                    ticket,
                    told.hasFailed() ? TurnStatus.FAILED : TurnStatus.COMPLETED,
                    spend.paid(),
                    null,
                    new Settlement.Outcome(spend.hasBegun(), answer, List.of(), null)));
            return fate.isKept() ? told : failed(Problems.lost());
        }
    }

    private Told embed(EmbeddingsRequest request, TurnSpend spend, Lease lease) {
        String model = request.requiredModel();
        try {
            Embeddings embeddings = models.embed(model, request.texts(), request.dimensions(), spend);
            return Told.ok(json.write(EmbeddingsAnswer.of(model, embeddings, request.asBase64())));
        } catch (Problem problem) {
            return failed(lease.isOver() ? Problems.ended(lease) : problem);
        } catch (TurnLost lost) {
            return failed(Problems.lost());
        } catch (CancellationException over) {
            return failed(Problems.ended(lease));
        } catch (RuntimeException | Error failure) {
            LOG.error("Unexpected failure of an embedding", failure);
            return failed(Problems.unexpected());
        }
    }

    private Told failed(Problem problem) {
        Long retryAfter = problem.retryAfter().map(Duration::toMillis).orElse(null);
        return new Told(problem.kind().status(), false, retryAfter, json.write(ErrorEnvelope.of(problem)), null);
    }
}

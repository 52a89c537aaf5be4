package dev.parley.chat.embeddings;

import dev.parley.chat.Answers;
import dev.parley.chat.ChatConfig;
import dev.parley.chat.FormerTurns;
import dev.parley.chat.Replays;
import dev.parley.chat.request.RequestBody;
import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Caller;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.invocation.Deadlines;
import dev.parley.problem.Problem;
import dev.parley.usage.Verdict;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `/v1/embeddings`, as OpenAI has it.
@Path("/v1/embeddings")
@RolesAllowed(Scopes.CHAT)
@RunOnVirtualThread
class EmbeddingsResource {

    private final EmbeddingReception reception;
    private final FormerTurns formerTurns;
    private final EmbeddingTurn turn;
    private final Replays replays;
    private final Callers callers;
    private final ChatConfig config;

    EmbeddingsResource(
            EmbeddingReception reception,
            FormerTurns formerTurns,
            EmbeddingTurn turn,
            Replays replays,
            Callers callers,
            ChatConfig config) {
        this.reception = reception;
        this.formerTurns = formerTurns;
        this.turn = turn;
        this.replays = replays;
        this.callers = callers;
        this.config = config;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(
            InputStream body, @HeaderParam(IdempotencyKey.HEADER) @Nullable String header, @Context RoutingContext http)
            throws IOException, InterruptedException {
        byte[] bytes = RequestBody.read(body, config.maxBodyBytes());
        Caller caller = callers.current();
        IdempotencyKey key = IdempotencyKey.of(header, "POST /v1/embeddings", bytes);
        EmbeddingReception.Received received;
        try {
            received = reception.receive(caller, bytes, key);
        } catch (Problem refusal) {
            UUID first = formerTurns.find(caller, key, refusal);
            return Answers.repeated(replays.outcome(caller.tenant(), first));
        }
        return switch (received.verdict()) {
            case Verdict.Admitted admitted ->
                Answers.of(
                        turn.run(admitted.ticket(), received.request(), key != null, Deadlines.of(http)),
                        admitted.rates());
            case Verdict.Repeated repeated -> Answers.repeated(replays.outcome(caller.tenant(), repeated.turn()));
        };
    }
}

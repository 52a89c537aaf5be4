package dev.parley.chat.completions;

import dev.parley.chat.ChatConfig;
import dev.parley.chat.FormerTurns;
import dev.parley.chat.Stage;
import dev.parley.chat.request.RequestBody;
import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Caller;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.problem.Problem;
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

/// `POST /v1/chat/completions`: JSON or server-sent events, as `stream` says.
@Path("/v1/chat/completions")
@RolesAllowed(Scopes.CHAT)
@RunOnVirtualThread
class ChatCompletionsResource {

    private final CompletionReception reception;
    private final FormerTurns formerTurns;
    private final Stage stage;
    private final Callers callers;
    private final ChatConfig config;

    ChatCompletionsResource(
            CompletionReception reception, FormerTurns formerTurns, Stage stage, Callers callers, ChatConfig config) {
        this.reception = reception;
        this.formerTurns = formerTurns;
        this.stage = stage;
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
        IdempotencyKey key = IdempotencyKey.of(header, "POST /v1/chat/completions", bytes);
        CompletionReception.Received received;
        try {
            received = reception.receive(caller, bytes, key);
        } catch (Problem refusal) {
            UUID first = formerTurns.find(caller, key, refusal);
            return stage.repeat(reception.repeat(caller, bytes, first), http);
        }
        return stage.answer(received.show(), received.verdict(), http);
    }
}

package dev.parley.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.usage.TurnKind;
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
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `POST /v1/chat/completions`: JSON or server-sent events, as `stream` says.
@Path("/v1/chat/completions")
@RolesAllowed(Scopes.CHAT)
@RunOnVirtualThread
class ChatCompletionsResource {

    private final Reception reception;
    private final Stage stage;
    private final Callers callers;
    private final ChatConfig config;
    private final CompletionReader reader;
    private final Json json;
    private final Clock clock;

    ChatCompletionsResource(
            Reception reception, Stage stage, Callers callers, ChatConfig config, Json json, Clock clock) {
        this.reception = reception;
        this.stage = stage;
        this.callers = callers;
        this.config = config;
        this.reader = new CompletionReader(config);
        this.json = json;
        this.clock = clock;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(
            InputStream body, @HeaderParam(IdempotencyKey.HEADER) @Nullable String key, @Context RoutingContext http)
            throws IOException, InterruptedException {
        byte[] bytes = RequestBody.read(body, config.maxBodyBytes());
        JsonNode tree = json.body(bytes);
        CompletionRequest request = reader.read(JsonField.root(tree));
        UUID turn = Ids.next();
        var applicant = new Applicant(
                turn,
                TurnKind.CHAT_COMPLETION,
                callers.current(),
                reception.limited(request.turn()),
                IdempotencyKey.of(key, "POST /v1/chat/completions", bytes),
                Applicant.Keeping.NOTHING);
        Verdict verdict = reception.admit(applicant);
        var face = new CompletionFace(
                CompletionHead.of(turn, request.turn().model(), clock), request.includeUsage(), json);
        var show = new Stage.Show(applicant, face, new CompletionEndings(json), request.stream());
        return stage.answer(show, verdict, http);
    }
}

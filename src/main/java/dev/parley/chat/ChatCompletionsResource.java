package dev.parley.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.postgres.Json;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.telemetry.RequestIds;
import io.quarkus.virtual.threads.VirtualThreads;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.concurrent.ExecutorService;

/// `POST /v1/chat/completions`: JSON or server-sent events, as `stream` says.
@Path("/v1/chat/completions")
@RolesAllowed(Scopes.CHAT)
@RunOnVirtualThread
class ChatCompletionsResource {

    private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";

    private final Turn turn;
    private final Callers callers;
    private final ChatConfig config;
    private final CompletionReader reader;
    private final Json json;
    private final Clock clock;
    private final ExecutorService threads;

    ChatCompletionsResource(
            Turn turn,
            Callers callers,
            ChatConfig config,
            Json json,
            Clock clock,
            @VirtualThreads ExecutorService threads) {
        this.turn = turn;
        this.callers = callers;
        this.config = config;
        this.reader = new CompletionReader(config);
        this.json = json;
        this.clock = clock;
        this.threads = threads;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(InputStream body, @Context RoutingContext http) throws IOException, InterruptedException {
        CompletionRequest request = reader.read(JsonField.root(read(body)));
        var asker = new Asker(callers.current().tenant(), RequestIds.of(http));
        CompletionHead head = CompletionHead.next(request.turn().model(), clock);
        return request.stream() ? stream(asker, request, head, http) : answer(asker, request, head);
    }

    private JsonNode read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(config.maxBodyBytes() + 1);
        if (bytes.length > config.maxBodyBytes()) {
            throw Problem.of(
                    ProblemKind.TOO_LARGE,
                    "request_too_large",
                    "A chat request may have at most %d bytes.".formatted(config.maxBodyBytes()));
        }
        return json.body(bytes);
    }

    private Response answer(Asker asker, CompletionRequest request, CompletionHead head) {
        Completion completion = Completion.of(head, turn.answer(asker, request.turn()));
        return Response.ok(completion, MediaType.APPLICATION_JSON_TYPE).build();
    }

    private Response stream(Asker asker, CompletionRequest request, CompletionHead head, RoutingContext http)
            throws InterruptedException {
        var pipe = new EventPipe(
                config.stalledClient(), () -> http.request().connection().close());
        http.addEndHandler(_ -> pipe.abandon());
        var streamed = new StreamedTurn(pipe, config);
        streamed.start(threads, listener -> turn.stream(asker, request.turn(), listener));
        StreamingOutput events = out -> streamed.writeTo(new ChunkWriter(head, request.includeUsage(), json, out));
        return Response.ok(events)
                .type(EVENT_STREAM)
                .header("Cache-Control", "no-cache")
                .header("X-Accel-Buffering", "no")
                .build();
    }
}

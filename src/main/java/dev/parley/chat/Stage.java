package dev.parley.chat;

import dev.parley.invocation.Deadlines;
import dev.parley.postgres.TenantId;
import dev.parley.problem.BrokenOff;
import dev.parley.stream.ClientStream;
import dev.parley.stream.Connection;
import dev.parley.stream.Endings;
import dev.parley.stream.EventLogs;
import dev.parley.stream.SseStreams;
import dev.parley.stream.TurnEvents;
import dev.parley.telemetry.RequestIds;
import dev.parley.usage.RateStatus;
import dev.parley.usage.Verdict;
import io.quarkus.virtual.threads.VirtualThreads;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;

/// Where a turn meets its client: it runs and is told whole, or is streamed from a thread of its own; a repeated
/// request is told what the first one was.
@ApplicationScoped
public class Stage {

    private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";

    private final Turn turn;
    private final Replays replays;
    private final EventLogs logs;
    private final SseStreams sse;
    private final ExecutorService threads;

    Stage(Turn turn, Replays replays, EventLogs logs, SseStreams sse, @VirtualThreads ExecutorService threads) {
        this.turn = turn;
        this.replays = replays;
        this.logs = logs;
        this.sse = sse;
        this.threads = threads;
    }

    /// What is to be shown, and how.
    public record Show(Applicant applicant, Face face, Endings endings, boolean streamed) {

        public TenantId tenant() {
            return applicant.caller().tenant();
        }

        AdmittedTurn admitted(Verdict.Admitted admitted, RoutingContext http) {
            return new AdmittedTurn(
                    admitted.ticket(),
                    new Asker(tenant(), RequestIds.of(http), Deadlines.of(http)),
                    applicant.request(),
                    new AdmittedTurn.Manner(streamed, applicant.isKept()));
        }
    }

    /// Runs a turn that was admitted, and tells it whole or as it comes. A repeated request waits for the first one.
    ///
    /// @throws dev.parley.problem.Problem as [#repeat]
    public Response answer(Show show, Verdict verdict, RoutingContext http) throws InterruptedException {
        return switch (verdict) {
            case Verdict.Admitted admitted ->
                show.streamed ? stream(show, admitted, http) : whole(show, admitted, http);
            case Verdict.Repeated repeated ->
                repeat(new Repeat(show.tenant(), repeated.turn(), show.endings, show.streamed), http);
        };
    }

    private Response whole(Show show, Verdict.Admitted admitted, RoutingContext http) {
        Told told = turn.run(show.admitted(admitted, http), show.face, TurnFrames.NONE);
        return Answers.of(told, admitted.rates());
    }

    /// Waits for the first event, at most until a heartbeat is due: a turn that fails before it is told by a status.
    private Response stream(Show show, Verdict.Admitted admitted, RoutingContext http) throws InterruptedException {
        TurnEvents events = logs.open(admitted.ticket(), show.applicant.isKept());
        ClientStream client = events.attach(-1);
        var frames = new StreamedFrames(events, show.endings);
        AdmittedTurn running = show.admitted(admitted, http);
        threads.execute(() -> {
            try (events) {
                turn.run(running, show.face, frames);
            }
        });
        client.await(sse.heartbeat());
        Told told = frames.told();
        if (told != null && told.hasFailed() && !told.begun()) {
            client.abandon();
            return Answers.of(told, admitted.rates());
        }
        return follow(client, show.endings, admitted.rates(), http);
    }

    /// A request that was admitted before.
    ///
    /// @param first the turn that it became
    public record Repeat(TenantId tenant, UUID first, Endings endings, boolean streamed) {}

    /// Tells what became of it.
    ///
    /// @throws dev.parley.problem.Problem (404) when its answer was deleted; told whole also (409) when it does not
    /// end in time, (503) when its owner died
    public Response repeat(Repeat what, RoutingContext http) throws InterruptedException {
        if (!what.streamed) {
            return Answers.repeated(replays.outcome(what.tenant, what.first));
        }
        ClientStream client = logs.follow(what.tenant, what.first, -1);
        http.addEndHandler(_ -> client.abandon());
        client.await(sse.heartbeat());
        Optional<Told> failure = replays.silentFailure(what.tenant, what.first);
        return failure.isPresent()
                ? Answers.repeated(failure.get())
                : follow(client, what.endings, RateStatus.UNLIMITED, http);
    }

    /// A logged turn as its client resumes it.
    ///
    /// @param after the last event the client has; -1 for none
    public record Resumed(TenantId tenant, UUID turn, long after, Endings endings) {}

    /// Streams what the client has not seen yet, to the end of the turn.
    public Response resume(Resumed what, RateStatus rates, RoutingContext http) {
        return follow(logs.follow(what.tenant, what.turn, what.after), what.endings, rates, http);
    }

    /// Streams a turn that waits for a worker: what is known of it at once, the rest as it comes.
    ///
    /// @param opening the frames that the turn will begin with
    public Response await(Resumed what, List<String> opening, RateStatus rates, RoutingContext http) {
        ClientStream client = logs.follow(what.tenant, what.turn, what.after).beginWith(opening);
        return follow(client, what.endings, rates, http);
    }

    /// A stream of what the client has not seen yet. One that takes nothing is cut off.
    private Response follow(ClientStream client, Endings endings, RateStatus rates, RoutingContext http) {
        http.addEndHandler(_ -> client.abandon());
        StreamingOutput body = BrokenOff.by(
                http,
                out -> sse.write(client, new Connection(out, Deadlines.of(http), () -> BrokenOff.cut(http)), endings));
        Response.ResponseBuilder response = Response.ok(body)
                .type(EVENT_STREAM)
                .header("Cache-Control", "no-cache")
                .header("X-Accel-Buffering", "no");
        rates.headers().forEach(response::header);
        return response.build();
    }
}

package dev.parley.chat.responses;

import dev.parley.chat.Answers;
import dev.parley.chat.Stage;
import dev.parley.chat.Told;
import dev.parley.job.Jobs;
import dev.parley.postgres.Json;
import dev.parley.postgres.TenantId;
import dev.parley.usage.RateStatus;
import dev.parley.usage.TurnStatus;
import dev.parley.usage.Turns;
import dev.parley.usage.Verdict;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;

/// Where the client of a response in the background is answered: with the response as it stands, or a stream of what a
/// worker makes of it.
@ApplicationScoped
class BackgroundStage {

    private final Stage stage;
    private final StoredResponses responses;
    private final Jobs jobs;
    private final Json json;

    BackgroundStage(Stage stage, StoredResponses responses, Jobs jobs, Json json) {
        this.stage = stage;
        this.responses = responses;
        this.jobs = jobs;
        this.json = json;
    }

    Response answer(ResponseReception.Received received, RoutingContext http) {
        return switch (received.verdict()) {
            case Verdict.Admitted admitted -> {
                jobs.ring(Turns.JOB_KIND);
                yield received.request().stream()
                        ? await(received, admitted.rates(), http)
                        : Answers.of(Told.ok(json.write(queued(received))), admitted.rates());
            }
            case Verdict.Repeated _ ->
                repeat(
                        new Repeat(
                                received.show().tenant(),
                                received.id(),
                                received.request().stream(),
                                received.request().includeResults()),
                        http);
        };
    }

    /// A request that was admitted before.
    record Repeat(TenantId tenant, ResponseId first, boolean streamed, boolean includeResults) {}

    /// Tells what became of it.
    ///
    /// @throws dev.parley.problem.Problem (404) when that was deleted
    Response repeat(Repeat what, RoutingContext http) {
        StoredResponse first = responses.get(what.tenant, what.first);
        return what.streamed
                ? stage.resume(
                        new Stage.Resumed(what.tenant, what.first.turn(), -1, responses.endings(what.tenant, first)),
                        RateStatus.UNLIMITED,
                        http)
                : Answers.repeated(
                        Told.ok(responses.show(first, what.includeResults).toString()));
    }

    /// The client knows its response by its id before a worker has it.
    private Response await(ResponseReception.Received received, RateStatus rates, RoutingContext http) {
        TenantId tenant = received.show().tenant();
        ResponseId id = received.id();
        var endings = responses.endings(tenant, id, received.request().echo());
        var whole = new Stage.Resumed(tenant, id.turn(), -1, endings);
        return stage.await(whole, opening(received), rates, http);
    }

    private static List<String> opening(ResponseReception.Received received) {
        var opening = new ArrayList<String>();
        received.show().face().begin(frame -> opening.add(frame.apply(opening.size())));
        return opening;
    }

    private static ResponseView queued(ResponseReception.Received received) {
        return ResponseView.open(
                received.id(), TurnStatus.QUEUED, received.request().echo(), List.of());
    }
}

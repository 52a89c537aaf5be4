package dev.parley.chat.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.Deleted;
import dev.parley.api.Page;
import dev.parley.chat.Replays;
import dev.parley.chat.Stage;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.usage.RateStatus;
import dev.parley.usage.Turns;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/responses/{id}`: fetched, resumed, cancelled, deleted.
@Path("/v1/responses/{id}")
@RolesAllowed(Scopes.CHAT)
@RunOnVirtualThread
class ResponseResource {

    /// What runs in this process ends within milliseconds, elsewhere with its owner's next glance.
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(2);

    private final StoredResponses responses;
    private final Turns turns;
    private final Replays replays;
    private final Stage stage;
    private final Callers callers;

    ResponseResource(StoredResponses responses, Turns turns, Replays replays, Stage stage, Callers callers) {
        this.responses = responses;
        this.turns = turns;
        this.replays = replays;
        this.stage = stage;
        this.callers = callers;
    }

    /// @param after the last event that the client has
    @GET
    public Response get(
            @RestPath String id,
            @RestQuery @DefaultValue("false") boolean stream,
            @RestQuery("starting_after") @DefaultValue("-1") long after,
            @Context RoutingContext http) {
        boolean includeResults = includesResults(http);
        StoredResponse response = responses.get(tenant(), ResponseId.parse(id));
        if (after < -1) {
            throw Problem.invalid("starting_after", "'starting_after' must be the number of an event, from 0 on.");
        }
        if (!stream) {
            return json(responses.show(response, includeResults));
        }
        if (!response.isStreamed()) {
            throw Problem.invalid("stream", "This response was not created with 'stream': true.");
        }
        var rest = new Stage.Resumed(tenant(), response.id().turn(), after, responses.endings(tenant(), response));
        return stage.resume(rest, RateStatus.UNLIMITED, http);
    }

    @POST
    @Path("/cancel")
    public Response cancel(@RestPath String id) throws InterruptedException {
        ResponseId response = ResponseId.parse(id);
        if (!responses.get(tenant(), response).turn().thread().background()) {
            throw Problem.of(
                    ProblemKind.INVALID_REQUEST,
                    "not_in_background",
                    "Only a response in the background can be cancelled; others end with their connection's answer.");
        }
        turns.cancel(tenant(), response.turn());
        StoredResponse now = replays.awaitEnd(tenant(), response.turn(), CANCEL_PATIENCE)
                .flatMap(turn -> responses.of(tenant(), turn))
                .orElseThrow(response::notFound);
        return json(responses.show(now, false));
    }

    @DELETE
    public Deleted delete(@RestPath String id) {
        ResponseId response = ResponseId.parse(id);
        responses.get(tenant(), response);
        if (!turns.forget(tenant(), response.turn())) {
            throw Problem.of(
                    ProblemKind.CONFLICT,
                    "response_in_progress",
                    "This response is still under way. Cancel it, or wait for its end.");
        }
        return new Deleted(id, "response", true);
    }

    @GET
    @Path("/input_items")
    public Page<ObjectNode> inputItems(
            @RestPath String id,
            @RestQuery @Nullable String after,
            @RestQuery @DefaultValue("20") int limit,
            @RestQuery @DefaultValue("desc") String order) {
        int size = Page.checkLimit(limit);
        boolean ascending = Page.isAscending(order);
        StoredResponse response = responses.get(tenant(), ResponseId.parse(id));
        List<ObjectNode> items =
                ResponseInputItems.of(response.id(), response.request().path("input"));
        return Page.of(from(ascending ? items : items.reversed(), after), size, item -> item, ResponseResource::id);
    }

    private static List<ObjectNode> from(List<ObjectNode> items, @Nullable String after) {
        if (after == null) {
            return items;
        }
        List<String> ids = items.stream().map(ResponseResource::id).toList();
        int place = ids.indexOf(after);
        if (place < 0) {
            throw Problem.invalid("after", "'after' is not the id of an item.");
        }
        return items.subList(place + 1, items.size());
    }

    private static String id(ObjectNode item) {
        return item.path("id").asText();
    }

    /// OpenAI's clients write lists as `include[]`.
    private static boolean includesResults(RoutingContext http) {
        var values = new ArrayList<>(http.queryParam("include"));
        values.addAll(http.queryParam("include[]"));
        values.forEach(ResponseReader::checkIncluded);
        return !values.isEmpty();
    }

    private TenantId tenant() {
        return callers.current().tenant();
    }

    private static Response json(JsonNode response) {
        return Response.ok(response.toString(), MediaType.APPLICATION_JSON_TYPE).build();
    }
}

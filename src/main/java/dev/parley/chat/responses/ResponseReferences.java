package dev.parley.chat.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Puts what a request's item references name in their place: items of stored responses, said by either side. So a
/// request is whole when it is stored, whatever becomes of what it referred to.
@ApplicationScoped
class ResponseReferences {

    private final StoredResponses responses;

    ResponseReferences(StoredResponses responses) {
        this.responses = responses;
    }

    /// Changes the request.
    ///
    /// @throws Problem (400) for an item that is not there
    JsonNode resolve(TenantId tenant, JsonNode request) {
        if (request.path("input") instanceof ArrayNode input) {
            var known = new HashMap<ResponseId, Optional<StoredResponse>>();
            for (int i = 0; i < input.size(); i++) {
                JsonNode item = input.get(i);
                if (item.path("type").asText().equals("item_reference")) {
                    input.set(
                            i, resolve(tenant, item.path("id").asText(), known).orElseThrow(missing(item, i)));
                }
            }
        }
        return request;
    }

    private static Supplier<Problem> missing(JsonNode reference, int place) {
        return () -> Problem.invalid(
                "input[%d].id".formatted(place),
                "Item with id '%s' not found.".formatted(reference.path("id").asText()));
    }

    private Optional<JsonNode> resolve(TenantId tenant, String id, Map<ResponseId, Optional<StoredResponse>> known) {
        return ResponseItemId.parse(id).flatMap(item -> known.computeIfAbsent(
                        new ResponseId(item.turn()), response -> responses.find(tenant, response))
                .flatMap(response -> find(response, item)));
    }

    private static Optional<JsonNode> find(StoredResponse response, ResponseItemId item) {
        Iterable<? extends JsonNode> items =
                switch (item.side()) {
                    case INPUT ->
                        ResponseInputItems.of(response.id(), response.request().path("input"));
                    case OUTPUT ->
                        response.answer() == null
                                ? List.<JsonNode>of()
                                : response.answer().path("output");
                };
        int place = 0;
        for (JsonNode each : items) {
            if (place++ == item.place()) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}

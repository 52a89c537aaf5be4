package dev.parley.chat.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.JsonField;
import dev.parley.chat.ChatConfig;
import dev.parley.chat.Told;
import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Json;
import dev.parley.postgres.TenantId;
import dev.parley.tool.StoredCall;
import dev.parley.tool.ToolCalls;
import dev.parley.usage.StoredTurn;
import dev.parley.usage.TurnKind;
import dev.parley.usage.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Responses as they are fetched by their ids.
@ApplicationScoped
class StoredResponses {

    private final Turns turns;
    private final ToolCalls toolCalls;
    private final ContentCodec codec;
    private final Json json;
    private final ResponseReader reader;

    StoredResponses(Turns turns, ToolCalls toolCalls, ContentCodec codec, Json json, ChatConfig config) {
        this.turns = turns;
        this.toolCalls = toolCalls;
        this.codec = codec;
        this.json = json;
        this.reader = new ResponseReader(config);
    }

    /// @throws dev.parley.problem.Problem (404) when there is none, or it was not to be stored
    StoredResponse get(TenantId tenant, ResponseId id) {
        return find(tenant, id).orElseThrow(id::notFound);
    }

    Optional<StoredResponse> find(TenantId tenant, ResponseId id) {
        return turns.find(tenant, id.turn()).flatMap(turn -> of(tenant, turn));
    }

    /// Empty when the turn is no response, or was not to be stored.
    Optional<StoredResponse> of(TenantId tenant, StoredTurn turn) {
        if (turn.kind() != TurnKind.RESPONSE || !turn.thread().stored() || turn.request() == null) {
            return Optional.empty();
        }
        return Optional.of(new StoredResponse(
                tenant,
                new ResponseId(turn.id()),
                turn,
                json.tree(codec.decode(tenant, turn.request())),
                answer(tenant, turn.answer())));
    }

    /// What a turn's outcome tells to who asks by its id.
    @Nullable
    JsonNode answer(TenantId tenant, byte @Nullable [] answer) {
        if (answer == null) {
            return null;
        }
        return json.tree(Told.decode(json, codec.decode(tenant, answer)).fetched());
    }

    ResponseRequest request(StoredResponse response) {
        return reader.read(JsonField.root(response.request()));
    }

    /// The response as it stands.
    JsonNode show(StoredResponse response, boolean includeResults) {
        JsonNode answer = response.answer();
        if (answer == null) {
            List<StoredCall> calls = response.turn().abandoned()
                    ? toolCalls.ofTurn(response.tenant(), response.id().turn())
                    : List.of();
            return json.toTree(response.unanswered(request(response).echo(), calls));
        }
        if (!includeResults) {
            answer.path("output").forEach(StoredResponses::hideResults);
        }
        return answer;
    }

    private static void hideResults(JsonNode item) {
        if (item instanceof ObjectNode object && object.path("type").asText().equals("file_search_call")) {
            object.putNull("results");
        }
    }

    /// How a stream of it ends that its log cannot end: as the response did. Of a turn whose owner died the log knows
    /// more than its outcome.
    ResponseEndings endings(TenantId tenant, StoredResponse response) {
        return endings(tenant, response.id(), request(response).echo());
    }

    /// The same of one that was only just admitted.
    ResponseEndings endings(TenantId tenant, ResponseId id, ResponseEcho echo) {
        return new ResponseEndings(
                id,
                echo,
                json,
                () -> find(tenant, id)
                        .filter(response ->
                                response.isOver() && !response.turn().abandoned())
                        .map(response -> show(response, false)),
                () -> toolCalls.knownEffectsOfTurn(tenant, id.turn()));
    }
}

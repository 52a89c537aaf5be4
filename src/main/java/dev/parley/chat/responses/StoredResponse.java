package dev.parley.chat.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.chat.ParleyView;
import dev.parley.chat.Problems;
import dev.parley.postgres.TenantId;
import dev.parley.tool.StoredCall;
import dev.parley.usage.StoredTurn;
import dev.parley.usage.TurnStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A response that can be fetched.
///
/// @param request as it was asked
/// @param answer the response at its end; null while it is under way, and when it ended without its owner
record StoredResponse(
        TenantId tenant,
        ResponseId id,
        StoredTurn turn,
        JsonNode request,
        @Nullable JsonNode answer) {

    boolean isOver() {
        return turn.status().isOver();
    }

    boolean isStreamed() {
        return request.path("stream").asBoolean();
    }

    /// As it stands without an answer: nobody has run it to its end.
    ///
    /// @param calls of tools, that it made until then
    ResponseView unanswered(ResponseEcho echo, List<StoredCall> calls) {
        ResponseView open = ResponseView.open(id, turn.status(), echo, List.of());
        return turn.status() == TurnStatus.FAILED
                ? open.ended(TurnStatus.FAILED, ResponseFailures.of(Problems.lost()), null)
                        .paid(null, ParleyView.of(calls))
                : open;
    }
}

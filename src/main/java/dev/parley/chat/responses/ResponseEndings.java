package dev.parley.chat.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.chat.ParleyView;
import dev.parley.chat.Problems;
import dev.parley.postgres.Json;
import dev.parley.problem.Problem;
import dev.parley.stream.Delivery;
import dev.parley.stream.Endings;
import dev.parley.tool.StoredCall;
import dev.parley.usage.TurnStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// How a response tells what its log lacks: events as an error, its end as the response that it came to, or as a
/// failure.
///
/// @param end the response as it ended; empty when its owner died, so that nobody knows. Asked for at the end of the
/// stream: what waited for a worker when the client came may have been cancelled since.
/// @param calls of tools that change something, for a turn whose owner died; asked for then
record ResponseEndings(
        ResponseId id, ResponseEcho echo, Json json, Supplier<Optional<JsonNode>> end, Supplier<List<StoredCall>> calls)
        implements Endings {

    /// For the client of the turn's owner, which knows no end but its own.
    static ResponseEndings ofOwner(ResponseId id, ResponseEcho echo, Json json, Supplier<List<StoredCall>> calls) {
        return new ResponseEndings(id, echo, json, Optional::empty, calls);
    }

    @Override
    public String lost(Delivery.Lost lost) {
        Problem problem = Problems.eventsLost(lost.first(), lost.next() - 1);
        var event = new ResponseEvent.Failed(problem.code(), problem.getMessage(), null);
        return new ResponseEvent.Numbered("error", null, event).frame(json);
    }

    @Override
    public String unfinished(Delivery.Unfinished unfinished) {
        return end.get()
                .map(response ->
                        frame(response.path("status").asText(), unfinished, new ResponseEvent.Stored(response)))
                .orElseGet(() -> lost(unfinished));
    }

    private String lost(Delivery.Unfinished unfinished) {
        List<StoredCall> made = calls.get();
        Problem problem = Problems.lost(unfinished.lastDurable(), made);
        ResponseView response = ResponseView.open(id, TurnStatus.IN_PROGRESS, echo, List.of())
                .ended(TurnStatus.FAILED, ResponseFailures.of(problem), null)
                .paid(null, ParleyView.of(made));
        return frame("failed", unfinished, new ResponseEvent.Whole(response));
    }

    private String frame(String status, Delivery.Unfinished unfinished, ResponseEvent event) {
        String type = status.equals(TurnStatus.CANCELLED.code()) ? TurnStatus.INCOMPLETE.code() : status;
        return new ResponseEvent.Numbered("response." + type, unfinished.sequence(), event).frame(json);
    }
}

package dev.parley.chat.responses;

import dev.parley.postgres.Ids;
import dev.parley.problem.Problem;
import java.util.Optional;
import java.util.UUID;

/// A response is a turn that can be asked for by its id. Its items have ids of their own, which name the response.
record ResponseId(UUID turn) {

    private static final String PREFIX = "resp_";

    /// @throws Problem (404) when the text cannot be a response's id
    static ResponseId parse(String text) {
        return find(text).orElseThrow(() -> Problem.notFound("response", text));
    }

    static Optional<ResponseId> find(String text) {
        return Ids.parse(PREFIX, text).map(ResponseId::new);
    }

    Problem notFound() {
        return Problem.notFound("response", toString());
    }

    /// When the turn was asked for, in Unix seconds: a UUIDv7 begins with its time.
    long createdAt() {
        return (turn.getMostSignificantBits() >>> 16) / 1000;
    }

    /// @param place among what was said: see [ResponseItemId]
    ResponseItemId item(ResponseItemId.Side side, int place) {
        return new ResponseItemId(turn, side, place);
    }

    @Override
    public String toString() {
        return Ids.format(PREFIX, turn);
    }
}

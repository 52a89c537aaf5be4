package dev.parley.batch;

import dev.parley.postgres.Ids;
import dev.parley.problem.Problem;
import java.util.UUID;

record BatchId(UUID value) {

    private static final String PREFIX = "batch_";

    /// @throws Problem (404) when the text cannot be a batch's id
    static BatchId parse(String text) {
        return new BatchId(Ids.parse(PREFIX, text).orElseThrow(() -> notFound(text)));
    }

    /// The batch a page starts after.
    ///
    /// @throws Problem (400) when the text cannot be a batch's id
    static BatchId cursor(String text) {
        return new BatchId(Ids.parse(PREFIX, text)
                .orElseThrow(() -> Problem.invalid("after", "'after' is not the id of a batch.")));
    }

    Problem notFound() {
        return notFound(toString());
    }

    private static Problem notFound(String id) {
        return Problem.notFound("batch", id);
    }

    @Override
    public String toString() {
        return Ids.format(PREFIX, value);
    }
}

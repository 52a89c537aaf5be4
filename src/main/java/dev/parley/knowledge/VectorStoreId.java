package dev.parley.knowledge;

import dev.parley.postgres.Ids;
import dev.parley.problem.Problem;
import java.util.UUID;

public record VectorStoreId(UUID value) {

    public static final String PREFIX = "vs_";

    /// @throws Problem (404) when the text cannot be a vector store's id
    public static VectorStoreId parse(String text) {
        return new VectorStoreId(Ids.parse(PREFIX, text).orElseThrow(() -> Problem.notFound("vector store", text)));
    }

    /// The store a page starts after.
    ///
    /// @throws Problem (400) when the text cannot be a vector store's id
    static VectorStoreId cursor(String text) {
        return new VectorStoreId(Ids.parse(PREFIX, text)
                .orElseThrow(() -> Problem.invalid("after", "'after' is not the id of a vector store.")));
    }

    @Override
    public String toString() {
        return Ids.format(PREFIX, value);
    }
}

package dev.parley.knowledge;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A vector store as a search needs it.
///
/// @param embeddingModel null when it has no vectors
/// @param expiresAt null for never
record SearchedStore(
        VectorStoreId id,
        @Nullable String embeddingModel,
        Instant lastActiveAt,
        @Nullable Instant expiresAt) {

    /// @throws dev.parley.problem.Problem (400) when it has expired: nothing brings it back
    void checkExpiry(Instant now) {
        VectorStore.checkExpiry(id, expiresAt, now);
    }
}

package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.parley.knowledge.VectorStoreRequest.ExpiresAfter;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A vector store as the API shows it. Times are Unix seconds.
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
record VectorStoreObject(
        String id,
        String object,
        @JsonProperty("created_at") long createdAt,
        String name,
        @Nullable String description,
        @JsonProperty("usage_bytes") long usageBytes,
        @JsonProperty("file_counts") FileCounts fileCounts,
        String status,
        @JsonProperty("expires_after") @Nullable ExpiresAfter expiresAfter,
        @JsonProperty("expires_at") @Nullable Long expiresAt,
        @JsonProperty("last_active_at") long lastActiveAt,
        @JsonRawValue String metadata,
        Extension parley) {

    /// @param degraded true when the store has no embedding model and is searched by BM25 alone
    @RegisterForReflection
    record Extension(
            @JsonProperty("embedding_model") @Nullable String embeddingModel,
            @JsonProperty("text_search") String textSearch,
            boolean degraded) {}

    static VectorStoreObject of(VectorStore store, FileCounts counts, Instant now) {
        Instant expiry = store.expiresAt();
        return new VectorStoreObject(
                store.storeId().toString(),
                "vector_store",
                store.createdAt.getEpochSecond(),
                store.name,
                store.description,
                store.usageBytes,
                counts,
                status(store, counts, now),
                store.expiresAfterDays == null ? null : new ExpiresAfter("last_active_at", store.expiresAfterDays),
                expiry == null ? null : expiry.getEpochSecond(),
                store.lastActiveAt.getEpochSecond(),
                store.metadata,
                new Extension(store.embeddingModel, store.textSearch, store.embeddingModel == null));
    }

    private static String status(VectorStore store, FileCounts counts, Instant now) {
        if (store.isExpired(now)) {
            return "expired";
        }
        return counts.inProgress() > 0 ? "in_progress" : "completed";
    }
}

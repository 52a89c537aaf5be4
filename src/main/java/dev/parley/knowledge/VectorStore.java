package dev.parley.knowledge;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/// A vector store. Its counters are read here and written only by the SQL that changes what they count.
@Entity
@DynamicUpdate
@Table(name = "vector_stores")
class VectorStore {

    @Id
    UUID id;

    @Column(name = "tenant_id")
    UUID tenantId;

    String name;

    @Nullable
    String description;

    /// A JSON object of strings.
    @ColumnTransformer(write = "?::jsonb")
    String metadata;

    @Column(name = "embedding_model")
    @Nullable
    String embeddingModel;

    @Column(name = "text_search")
    String textSearch;

    @Column(name = "expires_after_days")
    @Nullable
    Integer expiresAfterDays;

    @Column(name = "completed_files", insertable = false, updatable = false)
    long completedFiles;

    @Column(name = "chunk_count", insertable = false, updatable = false)
    long chunkCount;

    @Column(name = "token_count", insertable = false, updatable = false)
    long tokenCount;

    @Column(name = "usage_bytes", insertable = false, updatable = false)
    long usageBytes;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "last_active_at")
    Instant lastActiveAt;

    /// For Hibernate.
    @SuppressWarnings("NullAway.Init")
    VectorStore() {}

    VectorStoreId storeId() {
        return new VectorStoreId(id);
    }

    @Nullable
    Instant expiresAt() {
        return expiresAfterDays == null ? null : lastActiveAt.plus(Duration.ofDays(expiresAfterDays));
    }

    boolean isExpired(Instant now) {
        return isOver(expiresAt(), now);
    }

    /// @throws Problem (400) when the store has expired: nothing brings it back
    void checkExpiry(Instant now) {
        checkExpiry(storeId(), expiresAt(), now);
    }

    /// @param end null for never
    static void checkExpiry(VectorStoreId id, @Nullable Instant end, Instant now) {
        if (isOver(end, now)) {
            throw Problem.of(
                    ProblemKind.INVALID_REQUEST,
                    "vector_store_expired",
                    "Vector store '%s' has expired.".formatted(id));
        }
    }

    private static boolean isOver(@Nullable Instant end, Instant now) {
        return end != null && !end.isAfter(now);
    }
}

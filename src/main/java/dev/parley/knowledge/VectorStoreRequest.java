package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The body that creates a vector store.
@RegisterForReflection
record VectorStoreRequest(
        @Size(max = 512) @Nullable String name,
        @Size(max = 2048) @Nullable String description,

        @JsonProperty("file_ids") @Size(max = MAX_FILES) @Nullable
        List<@NotNull String> fileIds,

        @Nullable JsonNode metadata,
        @JsonProperty("expires_after") @Valid @Nullable ExpiresAfter expiresAfter,
        @JsonProperty("chunking_strategy") @Valid @Nullable ChunkingStrategy chunkingStrategy,
        @Valid @Nullable Extension parley) {

    /// As many files as one request may attach: OpenAI's limit of a batch.
    static final int MAX_FILES = 2000;

    static final VectorStoreRequest EMPTY = new VectorStoreRequest(null, null, null, null, null, null, null);

    @RegisterForReflection
    record ExpiresAfter(
            @NotNull @Pattern(regexp = "last_active_at", message = "must be 'last_active_at'")
            String anchor,

            @NotNull @Min(1) @Max(365) Integer days) {}

    /// What Parley adds.
    ///
    /// @param embeddingModel an alias; the default embedding model when absent
    /// @param textSearch the language of BM25: the name of a Postgres text search configuration
    @RegisterForReflection
    record Extension(
            @JsonProperty("embedding_model") @Nullable String embeddingModel,
            @JsonProperty("text_search") @Nullable String textSearch) {}

    /// The body that modifies a vector store; what is absent stays.
    @RegisterForReflection
    record Change(
            @Size(max = 512) @Nullable String name,
            @Nullable JsonNode metadata,
            @JsonProperty("expires_after") @Valid @Nullable ExpiresAfter expiresAfter) {}
}

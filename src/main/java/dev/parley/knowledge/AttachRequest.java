package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The body that puts a file into a vector store.
@RegisterForReflection
record AttachRequest(
        @JsonProperty("file_id") @NotNull String fileId,
        @Nullable Map<String, Object> attributes,
        @JsonProperty("chunking_strategy") @Nullable ChunkingStrategy chunkingStrategy) {

    /// The body that puts many files into a vector store: either ids that share attributes and strategy, or files
    /// with their own.
    @RegisterForReflection
    record Batch(
            @JsonProperty("file_ids") @Size(max = VectorStoreRequest.MAX_FILES) @Nullable
            List<@NotNull String> fileIds,

            @Size(max = VectorStoreRequest.MAX_FILES) @Nullable
            List<@NotNull @Valid AttachRequest> files,

            @Nullable Map<String, Object> attributes,
            @JsonProperty("chunking_strategy") @Nullable ChunkingStrategy chunkingStrategy) {}

    /// The body that replaces a file's attributes in a store.
    @RegisterForReflection
    record Change(@NotNull Map<String, Object> attributes) {}
}

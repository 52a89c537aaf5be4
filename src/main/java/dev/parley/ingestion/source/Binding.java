package dev.parley.ingestion.source;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.knowledge.VectorStoreId;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;

/// A prefix of a bucket whose objects a vector store has.
record Binding(TenantId tenant, UUID id, VectorStoreId store, String bucket, String prefix, Instant createdAt) {

    static final String PREFIX = "bind_";

    /// @throws Problem (404) when the text cannot be a binding's id
    static UUID parse(String text) {
        return Ids.parse(PREFIX, text).orElseThrow(() -> notFound(text));
    }

    static Problem notFound(String id) {
        return Problem.notFound("binding", id);
    }

    /// As the API shows it. Times are Unix seconds.
    @RegisterForReflection
    record View(
            String id,
            String object,
            @JsonProperty("created_at") long createdAt,
            @JsonProperty("vector_store_id") String vectorStoreId,
            String bucket,
            String prefix) {

        static View of(Binding binding) {
            return new View(
                    Ids.format(PREFIX, binding.id),
                    "vector_store.binding",
                    binding.createdAt.getEpochSecond(),
                    binding.store.toString(),
                    binding.bucket,
                    binding.prefix);
        }
    }
}

package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.parley.postgres.Sql;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file in a vector store as the API shows it: OpenAI's `vector_store.file`.
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
record AttachedFile(
        String id,
        String object,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("usage_bytes") long usageBytes,
        @JsonProperty("vector_store_id") String vectorStoreId,
        String status,
        @JsonProperty("last_error") @Nullable LastError lastError,
        @JsonProperty("chunking_strategy") ChunkingStrategy chunkingStrategy,
        @JsonRawValue String attributes) {

    @RegisterForReflection
    record LastError(String code, String message) {}

    static AttachedFile of(ResultSet row) throws SQLException {
        String errorCode = row.getString("error_code");
        return new AttachedFile(
                new FileId(Sql.uuid(row, "file_id")).toString(),
                "vector_store.file",
                Objects.requireNonNull(Sql.instant(row, "created_at")).getEpochSecond(),
                row.getLong("usage_bytes"),
                new VectorStoreId(Sql.uuid(row, "vector_store_id")).toString(),
                row.getString("status"),
                errorCode == null ? null : new LastError(errorCode, row.getString("error_message")),
                ChunkingStrategy.of(row.getInt("max_chunk_size_tokens"), row.getInt("chunk_overlap_tokens")),
                row.getString("attributes"));
    }
}

package dev.parley.ingestion.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.knowledge.FileId;
import dev.parley.postgres.Sql;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is known of an object under a bound prefix.
///
/// @param etag of the content that is a file; null when there is none
/// @param file what searches find, or will first
/// @param next what takes its place once it is indexed
/// @param problem why the object is no file
record BoundObject(
        String key,
        Sequencer sequencer,
        @Nullable String etag,
        @Nullable FileId file,
        @Nullable FileId next,
        @Nullable String problem,
        Instant changedAt) {

    static BoundObject of(ResultSet row) throws SQLException {
        return new BoundObject(
                row.getString("key"),
                new Sequencer(row.getString("sequencer")),
                row.getString("etag"),
                file(row, "file_id"),
                file(row, "next_file_id"),
                row.getString("problem"),
                Objects.requireNonNull(Sql.instant(row, "changed_at")));
    }

    static @Nullable FileId file(ResultSet row, String column) throws SQLException {
        UUID id = row.getObject(column, UUID.class);
        return id == null ? null : new FileId(id);
    }

    Stream<FileId> files() {
        return Stream.of(Optional.ofNullable(file), Optional.ofNullable(next)).flatMap(Optional::stream);
    }

    /// As the API shows it. Times are Unix seconds.
    ///
    /// @param fileId its newest file
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record View(
            String object,
            String key,
            @Nullable String etag,
            @JsonProperty("file_id") @Nullable String fileId,
            @Nullable String problem,
            @JsonProperty("changed_at") long changedAt) {

        static View of(BoundObject bound) {
            FileId newest = bound.next == null ? bound.file : bound.next;
            return new View(
                    "vector_store.binding.object",
                    bound.key,
                    bound.etag == null ? null : bound.etag.replace("\"", ""),
                    newest == null ? null : newest.toString(),
                    bound.problem,
                    bound.changedAt.getEpochSecond());
        }
    }
}

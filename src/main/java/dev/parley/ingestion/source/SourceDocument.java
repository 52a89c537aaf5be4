package dev.parley.ingestion.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.knowledge.FileId;
import dev.parley.postgres.Ids;
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

/// What is known of a document of a source.
///
/// @param key its URL, or its object's key
/// @param version what the listing says of its content
/// @param seen what the content of the newest file was
/// @param file what searches find, or will first
/// @param next what takes its place once it is indexed
/// @param missed how often in a row it was not there
/// @param postponed how often in this run it could not be had for now
/// @param error why the last look at it failed
/// @param looks how many findings were written
/// @param ingestion how the newest file stands in the store; null when it is not there
record SourceDocument(
        UUID id,
        String key,
        @Nullable String version,
        Seen seen,
        @Nullable FileId file,
        @Nullable FileId next,
        int missed,
        int postponed,
        @Nullable String error,
        @Nullable Instant checkedAt,
        long looks,
        @Nullable Ingestion ingestion) {

    static final String PREFIX = "srcdoc_";

    /// @param etag as the server said, and so is `lastModified`
    record Seen(@Nullable String etag, @Nullable String lastModified, byte @Nullable [] sha256) {
        static final Seen NOTHING = new Seen(null, null, null);

        /// Nothing where it is of another file than this one, which its owner may have deleted.
        private static Seen of(ResultSet row, @Nullable FileId file) throws SQLException {
            return file != null && file.equals(file(row, "seen_file_id"))
                    ? new Seen(row.getString("etag"), row.getString("last_modified"), row.getBytes("sha256"))
                    : NOTHING;
        }
    }

    /// @param errorCode null unless it failed
    record Ingestion(
            String status,
            @Nullable String errorCode,
            @Nullable String error) {

        /// Whether another try may end better.
        boolean isWorthATry() {
            return status.equals("cancelled") || "server_error".equals(errorCode);
        }
    }

    /// @param row with the attachment of the newest file beside it
    static SourceDocument of(ResultSet row) throws SQLException {
        FileId file = file(row, "file_id");
        FileId next = file(row, "next_file_id");
        String ingested = row.getString("ingested");
        return new SourceDocument(
                Sql.uuid(row, "id"),
                row.getString("key"),
                row.getString("version"),
                Seen.of(row, next == null ? file : next),
                file,
                next,
                row.getInt("missed"),
                row.getInt("postponed"),
                row.getString("error"),
                Sql.instant(row, "checked_at"),
                row.getLong("looks"),
                ingested == null
                        ? null
                        : new Ingestion(ingested, row.getString("error_code"), row.getString("error_message")));
    }

    static @Nullable FileId file(ResultSet row, String column) throws SQLException {
        UUID id = row.getObject(column, UUID.class);
        return id == null ? null : new FileId(id);
    }

    @Nullable
    FileId newest() {
        return next == null ? file : next;
    }

    Stream<FileId> files() {
        return Stream.of(Optional.ofNullable(file), Optional.ofNullable(next)).flatMap(Optional::stream);
    }

    /// Whether a finding about the one is a finding about the other: nobody has written one in between.
    boolean isStill(SourceDocument other) {
        return looks == other.looks && hasSameFile(other);
    }

    boolean hasSameFile(SourceDocument other) {
        return Objects.equals(newest(), other.newest());
    }

    /// As the API shows it. Times are Unix seconds.
    ///
    /// @param fileId its newest file
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record View(
            String id,
            String object,
            String key,
            String status,
            @JsonProperty("file_id") @Nullable String fileId,
            @Nullable String etag,
            @Nullable String error,
            @JsonProperty("checked_at") @Nullable Long checkedAt) {

        static View of(SourceDocument document) {
            FileId newest = document.newest();
            return new View(
                    Ids.format(PREFIX, document.id),
                    "source.document",
                    document.key,
                    document.status(),
                    newest == null ? null : newest.toString(),
                    document.seen.etag(),
                    document.shownError(),
                    SourceView.seconds(document.checkedAt));
        }
    }

    private String status() {
        if (error != null) {
            return "failed";
        }
        return ingestion == null ? "pending" : ingestion.status();
    }

    private @Nullable String shownError() {
        return error != null || ingestion == null ? error : ingestion.error();
    }
}

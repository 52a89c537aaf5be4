package dev.parley.knowledge;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A file that is coming in parts, as it is stored.
///
/// @param bytes as announced
/// @param location where a client may put the whole content; null where none can
/// @param file what became of it
record Upload(
        TenantId tenant,
        UUID id,
        String filename,
        String purpose,
        String contentType,
        long bytes,
        @Nullable Duration lifetime,
        Status status,
        @Nullable String location,
        @Nullable FileId file,
        Instant createdAt,
        Instant expiresAt) {

    static final String PREFIX = "upload_";

    enum Status {
        PENDING,
        COMPLETED,
        CANCELLED,
        EXPIRED
    }

    /// @throws Problem (404) when the text cannot be an upload's id
    static UUID parse(String text) {
        return Ids.parse(PREFIX, text).orElseThrow(() -> notFound(text));
    }

    static Problem notFound(String id) {
        return Problem.notFound("upload", id);
    }

    static Upload of(ResultSet row) throws SQLException {
        UUID file = Sql.uuid(row, "file_id");
        long seconds = row.getLong("file_seconds");
        return new Upload(
                new TenantId(Sql.uuid(row, "tenant_id")),
                Sql.uuid(row, "id"),
                row.getString("filename"),
                row.getString("purpose"),
                row.getString("content_type"),
                row.getLong("bytes"),
                seconds == 0 ? null : Duration.ofSeconds(seconds),
                Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getString("location"),
                file == null ? null : new FileId(file),
                Objects.requireNonNull(Sql.instant(row, "created_at")),
                Objects.requireNonNull(Sql.instant(row, "expires_at")));
    }

    /// The same, once its time is over.
    Upload at(Instant now) {
        return status != Status.PENDING || now.isBefore(expiresAt)
                ? this
                : new Upload(
                        tenant,
                        id,
                        filename,
                        purpose,
                        contentType,
                        bytes,
                        lifetime,
                        Status.EXPIRED,
                        location,
                        file,
                        createdAt,
                        expiresAt);
    }

    boolean isPending() {
        return status == Status.PENDING;
    }

    /// @throws Problem (400) when nothing can be done with it any more
    Upload requirePending() {
        if (isPending()) {
            return this;
        }
        throw Problem.of(
                ProblemKind.INVALID_REQUEST,
                "upload_not_pending",
                "Upload '%s' is %s.".formatted(Ids.format(PREFIX, id), word()));
    }

    String word() {
        return status.name().toLowerCase(Locale.ROOT);
    }

    /// The file that it becomes with this content.
    NewFile file(Path content, long size) {
        return new NewFile(filename, purpose, contentType, content, size, lifetime);
    }
}

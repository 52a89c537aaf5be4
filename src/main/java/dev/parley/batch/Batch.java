package dev.parley.batch;

import dev.parley.knowledge.FileId;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A batch as it is stored.
///
/// @param key who pays
/// @param metadata JSON
/// @param errors JSON: what is wrong with the input
record Batch(
        TenantId tenant,
        BatchId id,
        String endpoint,
        FileId input,
        UUID key,
        @Nullable String metadata,
        @Nullable String model,
        BatchStatus status,
        @Nullable String errors,
        Progress progress,
        Output output,
        Times times) {

    record Progress(int total, int completed, int failed, LineUsage usage) {}

    /// @param lifetime of both; null for ever
    record Output(
            @Nullable FileId answers,
            @Nullable FileId errors,
            @Nullable Duration lifetime) {}

    record Times(
            Instant created,
            Instant expires,
            @Nullable Instant inProgress,
            @Nullable Instant finalizing,
            @Nullable Instant cancelling,
            @Nullable Instant ended,
            @Nullable Instant pausedUntil) {}

    boolean isCancelled() {
        return times.cancelling != null;
    }

    static Batch of(ResultSet row) throws SQLException {
        return new Batch(
                new TenantId(Sql.uuid(row, "tenant_id")),
                new BatchId(Sql.uuid(row, "id")),
                row.getString("endpoint"),
                new FileId(Sql.uuid(row, "input_file_id")),
                Sql.uuid(row, "key_id"),
                row.getString("metadata"),
                row.getString("model"),
                BatchStatus.of(row.getString("status")),
                row.getString("errors"),
                new Progress(row.getInt("total"), row.getInt("completed"), row.getInt("failed"), LineUsage.of(row)),
                output(row),
                times(row));
    }

    private static Output output(ResultSet row) throws SQLException {
        Integer seconds = row.getObject("output_seconds", Integer.class);
        return new Output(
                file(row, "output_file_id"),
                file(row, "error_file_id"),
                seconds == null ? null : Duration.ofSeconds(seconds));
    }

    private static @Nullable FileId file(ResultSet row, String column) throws SQLException {
        UUID id = row.getObject(column, UUID.class);
        return id == null ? null : new FileId(id);
    }

    private static Times times(ResultSet row) throws SQLException {
        return new Times(
                Objects.requireNonNull(Sql.instant(row, "created_at")),
                Objects.requireNonNull(Sql.instant(row, "expires_at")),
                Sql.instant(row, "in_progress_at"),
                Sql.instant(row, "finalizing_at"),
                Sql.instant(row, "cancelling_at"),
                Sql.instant(row, "ended_at"),
                Sql.instant(row, "paused_until"));
    }
}

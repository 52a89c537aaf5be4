package dev.parley.ingestion.source;

import dev.parley.knowledge.Filing;
import dev.parley.knowledge.VectorStoreId;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/// A place whose documents are kept in a vector store.
///
/// @param dueAt when it is looked at next, unless it is paused
record Source(
        SourceId id,
        VectorStoreId store,
        Settings settings,
        Status status,
        Instant createdAt,
        Instant dueAt,
        SourceRun run) {

    /// Stored in lower case.
    enum Status {
        ACTIVE,
        PAUSED,

        /// Its owner sees it no more, and its files are going.
        DELETING;

        static Status of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What its owner says of it.
    record Settings(Origin origin, Filing filing, int everySeconds, int maxDocuments) {

        static Settings of(ResultSet row, Json json) throws SQLException {
            return new Settings(
                    json.read(row.getString("origin"), Origin.ofType(row.getString("type"))),
                    new Filing(row.getString("attributes"), row.getString("chunking")),
                    row.getInt("every_seconds"),
                    row.getInt("max_documents"));
        }
    }

    static Source of(ResultSet row, SourceId id, Json json) throws SQLException {
        return new Source(
                id,
                new VectorStoreId(Sql.uuid(row, "vector_store_id")),
                Settings.of(row, json),
                Status.of(row.getString("status")),
                Objects.requireNonNull(Sql.instant(row, "created_at")),
                Objects.requireNonNull(Sql.instant(row, "due_at")),
                SourceRun.of(row));
    }

    /// @param row with its status and run
    Source now(ResultSet row) throws SQLException {
        return new Source(id, store, settings, Status.of(row.getString("status")), createdAt, dueAt, SourceRun.of(row));
    }

    Origin origin() {
        return settings.origin();
    }

    Source with(Settings changed, Status next) {
        return new Source(id, store, changed, next, createdAt, dueAt, run);
    }

    /// How a document's place is told: where it can be found again.
    String place(String key) {
        return origin() instanceof Origin.S3 s3 ? "s3://" + s3.bucket() + "/" + key : key;
    }
}

package dev.parley.ingestion.source;

import dev.parley.ingestion.source.SourceDocument.Seen;
import dev.parley.knowledge.FileId;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is known of the documents of sources. What a run does with all of them is [RunDocuments]' matter.
@ApplicationScoped
class SourceDocuments {

    private static final String SELECT = """
            SELECT d.*, a.status AS ingested, a.error_code, a.error_message
              FROM source_documents d
              JOIN sources s ON s.tenant_id = d.tenant_id AND s.id = d.source_id
              LEFT JOIN vector_store_files a ON a.tenant_id = s.tenant_id AND a.vector_store_id = s.vector_store_id
                                            AND a.file_id = coalesce(d.next_file_id, d.file_id)
             WHERE d.tenant_id = ? AND d.source_id = ?
            """;

    private static final String OF_SOURCE = " WHERE tenant_id = ? AND source_id = ?";

    /// The column takes the number of the run that there is or was last.
    private static final String SAVE = """
            UPDATE source_documents d SET %s = s.run, looks = d.looks + 1, checked_at = now(), postponed = 0,
                   missed = ?, error = ?, etag = ?, last_modified = ?, sha256 = ?, file_id = ?::uuid,
                   next_file_id = ?::uuid, seen_file_id = ?::uuid
              FROM sources s
             WHERE s.tenant_id = d.tenant_id AND s.id = d.source_id AND d.tenant_id = ? AND d.id = ?""";

    private final Transactions transactions;

    SourceDocuments(Transactions transactions) {
        this.transactions = transactions;
    }

    /// How many there are in all.
    int count(Connection connection, Source source) throws SQLException {
        return count(connection, source, "");
    }

    static int count(Connection connection, Source source, String condition, Object... values) throws SQLException {
        return Sql.first(
                        connection,
                        "SELECT count(*) FROM source_documents" + OF_SOURCE + condition,
                        row -> row.getInt(1),
                        args(source, values))
                .orElseThrow();
    }

    Optional<SourceDocument> find(Source source, String key) {
        return select(source, " AND d.key = ?", key).stream().findFirst();
    }

    List<SourceDocument> any(Source source, int limit) {
        return select(source, " ORDER BY d.id LIMIT ?", limit);
    }

    List<SourceDocument> list(Source source, @Nullable UUID after, boolean ascending, int limit) {
        UUID start = after != null ? after : ascending ? new UUID(0, 0) : new UUID(-1, -1);
        String page = ascending ? " AND d.id > ? ORDER BY d.id LIMIT ?" : " AND d.id < ? ORDER BY d.id DESC LIMIT ?";
        return select(source, page, start, limit);
    }

    /// @param condition what `d`, a document, has to meet besides; its values follow
    List<SourceDocument> select(Source source, String condition, Object... values) {
        return transactions.inTenant(
                source.id().tenant(),
                connection -> Sql.list(connection, SELECT + condition, SourceDocument::of, args(source, values)));
    }

    private static Object[] args(Source source, Object... values) {
        Object[] args = new Object[values.length + 2];
        args[0] = source.id().tenant();
        args[1] = source.id().value();
        System.arraycopy(values, 0, args, 2, values.length);
        return args;
    }

    /// As it is now; the caller's until the transaction ends. Empty when it is gone.
    Optional<SourceDocument> lock(Connection connection, Source source, SourceDocument document) throws SQLException {
        return Sql.first(
                connection,
                SELECT + " AND d.id = ? FOR NO KEY UPDATE OF d",
                SourceDocument::of,
                source.id().tenant(),
                source.id().value(),
                document.id());
    }

    /// What a look at a document leaves.
    record Checked(
            Seen seen,
            @Nullable FileId file,
            @Nullable FileId next,
            int missed,
            @Nullable String error) {

        static Checked well(SourceDocument document, Seen seen) {
            return new Checked(seen, document.file(), document.next(), 0, null);
        }

        private @Nullable FileId newest() {
            return next == null ? file : next;
        }
    }

    void save(Connection connection, Visit visit, SourceDocument document, Checked checked) throws SQLException {
        Sql.update(
                connection,
                SAVE.formatted(visit.mark()),
                checked.missed(),
                checked.error(),
                checked.seen().etag(),
                checked.seen().lastModified(),
                checked.seen().sha256(),
                id(checked.file()),
                id(checked.next()),
                id(checked.newest()),
                visit.source().id().tenant(),
                document.id());
    }

    void postpone(Connection connection, Source source, SourceDocument document) throws SQLException {
        Sql.update(
                connection,
                "UPDATE source_documents SET postponed = postponed + 1, checked_at = now() WHERE tenant_id = ? AND id = ?",
                source.id().tenant(),
                document.id());
    }

    void forget(Connection connection, Source source, SourceDocument document) throws SQLException {
        Sql.update(
                connection,
                "DELETE FROM source_documents WHERE tenant_id = ? AND id = ?",
                source.id().tenant(),
                document.id());
    }

    private static @Nullable UUID id(@Nullable FileId file) {
        return file == null ? null : file.value();
    }
}

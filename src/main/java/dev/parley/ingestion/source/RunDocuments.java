package dev.parley.ingestion.source;

import dev.parley.ingestion.source.SourceListing.Listed;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The documents of a source as its run goes through them: listed, then looked at, or taken away.
@ApplicationScoped
class RunDocuments {

    private static final String LIST_ONE = """
            INSERT INTO source_documents (tenant_id, source_id, id, key, version, listed_run)
            VALUES (?, ?, ?, ?, ?::text, ?)
            ON CONFLICT (tenant_id, source_id, key) DO UPDATE
                SET version = excluded.version, listed_run = excluded.listed_run, postponed = 0""";

    /// The newest ones, as many as there is room for; not those that were found to be gone.
    private static final String KEEP_UNLISTED = """
            UPDATE source_documents SET listed_run = ?, postponed = 0 WHERE tenant_id = ? AND id IN
                (SELECT id FROM source_documents
                  WHERE tenant_id = ? AND source_id = ? AND listed_run < ?
                    AND (coalesce(file_id, next_file_id) IS NOT NULL OR missed = 0)
                  ORDER BY id DESC LIMIT ?)""";

    /// Whose content the listing says is the same, and whose file is in the store and will stay.
    private static final String PASS_UNCHANGED = """
            UPDATE source_documents d SET checked_run = listed_run, checked_at = now(), error = NULL, missed = 0,
                   postponed = 0
              FROM vector_store_files a
             WHERE d.tenant_id = ? AND d.source_id = ? AND d.listed_run = ? AND d.checked_run < d.listed_run
               AND d.version = d.etag AND d.seen_file_id = coalesce(d.next_file_id, d.file_id)
               AND a.tenant_id = d.tenant_id AND a.vector_store_id = ?
               AND a.file_id = coalesce(d.next_file_id, d.file_id)
               AND a.status <> 'cancelled' AND a.error_code IS DISTINCT FROM 'server_error'""";

    private final SourceDocuments documents;

    RunDocuments(SourceDocuments documents) {
        this.documents = documents;
    }

    /// Writes down what a page of the listing holds.
    void list(Connection connection, Source source, List<Listed> listed) throws SQLException {
        Sql.batch(
                connection,
                LIST_ONE,
                listed.stream()
                        .map(one -> new @Nullable Object[] {
                            source.id().tenant(),
                            source.id().value(),
                            Ids.next(),
                            one.key(),
                            one.version(),
                            source.run().number()
                        })
                        .toList());
    }

    /// How many documents this run has listed.
    int listed(Connection connection, Source source) throws SQLException {
        return SourceDocuments.count(
                connection, source, " AND listed_run = ?", source.run().number());
    }

    /// How many documents are there besides a page of the listing, by this run or by what was heard since it began.
    int present(Connection connection, Source source, List<Listed> page) throws SQLException {
        List<String> keys = page.stream().map(Listed::key).toList();
        long run = source.run().number();
        return SourceDocuments.count(
                connection, source, " AND (listed_run = ? OR heard_run = ?) AND key <> ALL (?)", run, run, keys);
    }

    /// How many documents with files this run has not listed, and no event has told of since it began.
    int unlisted(Connection connection, Source source) throws SQLException {
        long run = source.run().number();
        return SourceDocuments.count(
                connection,
                source,
                " AND listed_run < ? AND heard_run < ? AND coalesce(file_id, next_file_id) IS NOT NULL",
                run,
                run);
    }

    void keepUnlisted(Connection connection, Source source, int most) throws SQLException {
        long run = source.run().number();
        Sql.update(
                connection,
                KEEP_UNLISTED,
                run,
                source.id().tenant(),
                source.id().tenant(),
                source.id().value(),
                run,
                most);
    }

    /// How many documents need no look.
    int passUnchanged(Connection connection, Source source) throws SQLException {
        return Sql.update(
                connection,
                PASS_UNCHANGED,
                source.id().tenant(),
                source.id().value(),
                source.run().number(),
                source.store().value());
    }

    /// Some that this run has not listed, and that no event has told of since it began.
    List<SourceDocument> unlisted(Source source, int limit) {
        long run = source.run().number();
        return documents.select(
                source,
                " AND d.listed_run < ? AND d.heard_run < ? ORDER BY d.listed_run, d.id LIMIT ?",
                run,
                run,
                limit);
    }
}

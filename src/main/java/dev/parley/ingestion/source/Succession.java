package dev.parley.ingestion.source;

import dev.parley.ingestion.AfterIndexing;
import dev.parley.knowledge.AttachmentId;
import dev.parley.knowledge.FileId;
import dev.parley.knowledge.SourceFiles;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// How a new file takes the place of an old one: in the commit from which on it is found, the old one goes.
@ApplicationScoped
class Succession implements AfterIndexing {

    private static final String OF_DOCUMENT = """
            WITH this AS (SELECT tenant_id, id, file_id FROM source_documents
                           WHERE tenant_id = ? AND next_file_id = ? AND source_id IN
                                 (SELECT id FROM sources WHERE tenant_id = ? AND vector_store_id = ?)
                             FOR NO KEY UPDATE)
            UPDATE source_documents d SET file_id = d.next_file_id, next_file_id = NULL
              FROM this WHERE d.tenant_id = this.tenant_id AND d.id = this.id
            RETURNING this.file_id""";

    private static final String ORPHANED = """
            DELETE FROM orphaned_successions
             WHERE tenant_id = ? AND next_file_id = ? AND tenant_id = ? AND vector_store_id = ?
            RETURNING file_id""";

    private static final String OUTLIVE = """
            INSERT INTO orphaned_successions (tenant_id, vector_store_id, file_id, next_file_id)
            SELECT s.tenant_id, s.vector_store_id, d.file_id, d.next_file_id
              FROM sources s JOIN source_documents d ON d.tenant_id = s.tenant_id AND d.source_id = s.id
             WHERE s.tenant_id = ? AND s.id = ? AND d.file_id IS NOT NULL AND d.next_file_id IS NOT NULL
            ON CONFLICT DO NOTHING""";

    private final Transactions transactions;
    private final SourceFiles files;

    Succession(Transactions transactions, SourceFiles files) {
        this.transactions = transactions;
        this.files = files;
    }

    @Override
    public void indexed(AttachmentId id) {
        transactions.runInTenant(id.tenant(), connection -> {
            replaced(connection, OF_DOCUMENT, id).forEach(file -> files.remove(id.tenant(), file));
            replaced(connection, ORPHANED, id).forEach(file -> files.remove(id.tenant(), file));
        });
    }

    private static List<FileId> replaced(Connection connection, String succeed, AttachmentId id) throws SQLException {
        return Sql.list(
                        connection,
                        succeed,
                        row -> Optional.ofNullable(SourceDocument.file(row, "file_id")),
                        id.tenant(),
                        id.file().value(),
                        id.tenant(),
                        id.vectorStore().value())
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /// What is still to take the place of something does so when the source is gone, too. The caller holds the store's
    /// lock, so nothing is indexed meanwhile.
    void outlive(Connection connection, SourceId source) throws SQLException {
        Sql.update(connection, OUTLIVE, source.tenant(), source.value());
    }
}

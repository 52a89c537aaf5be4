package dev.parley.ingestion.source;

import dev.parley.knowledge.AttachmentId;
import dev.parley.knowledge.FileId;
import dev.parley.knowledge.SourceFiles;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// How a new file takes the place of an old one: in the commit from which on it is found, the old one goes.
@ApplicationScoped
class Succession {

    private final Transactions transactions;
    private final SourceFiles files;

    Succession(Transactions transactions, SourceFiles files) {
        this.transactions = transactions;
        this.files = files;
    }

    /// @param succeed makes the file that was next the one that is there, and returns the one before as `file_id`; its
    /// parameters are the tenant and the file, then the tenant and the store
    void indexed(String succeed, AttachmentId id) {
        transactions.runInTenant(id.tenant(), connection -> {
            for (Optional<FileId> replaced : Sql.list(
                    connection,
                    succeed,
                    row -> Optional.ofNullable(SourceDocument.file(row, "file_id")),
                    id.tenant(),
                    id.file().value(),
                    id.tenant(),
                    id.vectorStore().value())) {
                replaced.ifPresent(file -> files.remove(id.tenant(), file));
            }
        });
    }
}

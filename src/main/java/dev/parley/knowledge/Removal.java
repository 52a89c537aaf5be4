package dev.parley.knowledge;

import static dev.parley.knowledge.AttachmentId.args;

import dev.parley.aws.ObjectName;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Takes files, stores and attachments away, with everything that hangs on them, at once.
///
/// Locks in one order everywhere: stores by id, then the file's key, then attachments, then chunks; [Chunks] and the
/// documents of sources keep to it too, so no two of them wait for each other.
@ApplicationScoped
class Removal {

    /// From here on nothing new can refer to the file.
    private static final String LOCK_FILE_KEY = "SELECT id FROM files WHERE tenant_id = ? AND id = ? FOR UPDATE";

    private static final String LOCK_STORES_OF_FILE = """
            SELECT s.id FROM vector_stores s
             WHERE s.tenant_id = ?
               AND s.id IN (SELECT a.vector_store_id FROM vector_store_files a
                             WHERE a.tenant_id = ? AND a.file_id = ?)
             ORDER BY s.id FOR NO KEY UPDATE
            """;

    private static final String COUNT_OUT = """
            UPDATE vector_stores s SET
                completed_files = s.completed_files - 1,
                chunk_count = s.chunk_count - a.chunk_count,
                token_count = s.token_count - a.token_count,
                usage_bytes = s.usage_bytes - a.usage_bytes,
                version = s.version + 1
              FROM vector_store_files a
             WHERE a.tenant_id = ? AND a.file_id = ? AND a.status = 'completed'
               AND s.tenant_id = a.tenant_id AND s.id = a.vector_store_id
            """;

    private static final String DELETE_FILE = "DELETE FROM files WHERE tenant_id = ? AND id = ? RETURNING location";

    private static final String DELETE_ATTACHMENT =
            "DELETE FROM vector_store_files WHERE tenant_id = ? AND vector_store_id = ? AND file_id = ?";

    private static final String DELETE_STORE = "DELETE FROM vector_stores WHERE tenant_id = ? AND id = ?";

    private static final Logger LOG = Logger.getLogger(Removal.class);

    private final Transactions transactions;
    private final LooseObjects loose;

    Removal(Transactions transactions, LooseObjects loose) {
        this.transactions = transactions;
        this.loose = loose;
    }

    /// Deletes the file and, in every store, its chunks. Its object, if it has one, goes after the commit: here, or by
    /// housekeeping where the caller's transaction is not over or S3 does not answer.
    void file(TenantId tenant, FileId file) {
        Optional<String> location = row(tenant, file);
        if (location.isPresent() && !transactions.isUnderWay()) {
            try {
                loose.delete(tenant, ObjectName.parse(location.get()));
            } catch (RuntimeException failure) {
                LOG.infof("The object of %s is left to housekeeping: %s", file, failure.getMessage());
            }
        }
    }

    private Optional<String> row(TenantId tenant, FileId file) {
        UUID id = file.value();
        return transactions.inTenant(tenant, connection -> {
            Sql.list(connection, LOCK_STORES_OF_FILE, row -> Sql.uuid(row, "id"), tenant, tenant, id);
            Sql.first(connection, LOCK_FILE_KEY, row -> Sql.uuid(row, "id"), tenant, id)
                    .orElseThrow(() -> Problem.notFound("file", file.toString()));
            // Once more, for a store the file was put into between the two. Only here may two wait for each other.
            Sql.list(connection, LOCK_STORES_OF_FILE, row -> Sql.uuid(row, "id"), tenant, tenant, id);
            Sql.update(connection, COUNT_OUT, tenant, id);
            return Sql.list(connection, DELETE_FILE, row -> Optional.ofNullable(row.getString("location")), tenant, id)
                    .getFirst();
        });
    }

    /// Takes the file out of the store, with its chunks; the file stays.
    void attachment(AttachmentId id) {
        transactions.runInTenant(id.tenant(), connection -> {
            Sql.first(
                    connection,
                    ChunkSql.LOCK_STORE,
                    row -> row.getString(1),
                    id.tenant(),
                    id.vectorStore().value());
            Sql.update(
                    connection,
                    COUNT_OUT + " AND a.vector_store_id = ?",
                    id.tenant(),
                    id.file().value(),
                    id.vectorStore().value());
            if (Sql.update(connection, DELETE_ATTACHMENT, args(id)) == 0) {
                throw Problem.notFound("vector store file", id.file().toString());
            }
        });
    }

    /// Deletes the store with its chunks; the files stay.
    void vectorStore(TenantId tenant, VectorStoreId store) {
        int deleted = transactions.inTenant(
                tenant, connection -> Sql.update(connection, DELETE_STORE, tenant, store.value()));
        if (deleted == 0) {
            throw Problem.notFound("vector store", store.toString());
        }
    }
}

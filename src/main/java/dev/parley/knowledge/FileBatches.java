package dev.parley.knowledge;

import dev.parley.postgres.DatabaseFailure;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// Files that were put into a store together.
@ApplicationScoped
class FileBatches {

    private static final String INSERT =
            "INSERT INTO file_batches (tenant_id, vector_store_id, id) VALUES (?, ?, ?) RETURNING *";

    private static final String GET =
            "SELECT * FROM file_batches WHERE tenant_id = ? AND vector_store_id = ? AND id = ?";

    private static final String CANCEL = """
            UPDATE file_batches SET cancelled_at = coalesce(cancelled_at, now())
             WHERE tenant_id = ? AND vector_store_id = ? AND id = ? RETURNING *
            """;

    /// In the order in which others lock attachments too; an update alone would take them as they lie on disk.
    private static final String LOCK_FILES = """
            SELECT file_id FROM vector_store_files
             WHERE tenant_id = ? AND vector_store_id = ? AND batch_id = ? AND status = 'in_progress'
             ORDER BY file_id FOR NO KEY UPDATE
            """;

    private static final String CANCEL_FILES = """
            UPDATE vector_store_files SET status = 'cancelled'
             WHERE tenant_id = ? AND vector_store_id = ? AND batch_id = ? AND status = 'in_progress'
            """;

    private final Transactions transactions;
    private final VectorStoreFiles files;
    private final Counting counting;

    FileBatches(Transactions transactions, VectorStoreFiles files, Counting counting) {
        this.transactions = transactions;
        this.files = files;
        this.counting = counting;
    }

    /// @throws Problem (404) for a file that the tenant does not have, or a store that was just deleted
    FileBatch create(TenantId tenant, VectorStoreId store, List<NewAttachment> attachments) {
        try {
            return insert(tenant, store, attachments);
        } catch (DatabaseFailure failure) {
            throw VectorStoreFiles.explained(failure);
        }
    }

    private FileBatch insert(TenantId tenant, VectorStoreId store, List<NewAttachment> attachments) {
        UUID id = Ids.next();
        return transactions.inTenant(tenant, connection -> {
            FileBatch.Row row = Sql.first(connection, INSERT, FileBatches::row, tenant, store.value(), id)
                    .orElseThrow();
            files.attach(tenant, store, id, attachments);
            return view(tenant, row);
        });
    }

    FileBatch get(TenantId tenant, VectorStoreId store, String id) {
        return run(GET, tenant, store, id);
    }

    /// Stops what of the batch is not yet done; what is done stays.
    FileBatch cancel(TenantId tenant, VectorStoreId store, String id) {
        UUID batch = FileBatch.parse(id);
        return transactions.inTenant(tenant, connection -> {
            Sql.first(connection, ChunkSql.LOCK_STORE, row -> row.getString(1), tenant, store.value());
            Sql.list(connection, LOCK_FILES, row -> Sql.uuid(row, "file_id"), tenant, store.value(), batch);
            Sql.update(connection, CANCEL_FILES, tenant, store.value(), batch);
            return run(CANCEL, tenant, store, id);
        });
    }

    private FileBatch run(String sql, TenantId tenant, VectorStoreId store, String id) {
        UUID batch = FileBatch.parse(id);
        return transactions.inTenant(
                tenant, connection -> Sql.first(connection, sql, FileBatches::row, tenant, store.value(), batch)
                        .map(row -> view(tenant, row))
                        .orElseThrow(() -> FileBatch.notFound(id)));
    }

    private FileBatch view(TenantId tenant, FileBatch.Row row) {
        return FileBatch.of(row, counting.ofBatch(tenant, row.id()));
    }

    private static FileBatch.Row row(ResultSet row) throws SQLException {
        return new FileBatch.Row(
                Sql.uuid(row, "id"),
                new VectorStoreId(Sql.uuid(row, "vector_store_id")),
                Objects.requireNonNull(Sql.instant(row, "created_at")),
                Sql.instant(row, "cancelled_at") != null);
    }
}

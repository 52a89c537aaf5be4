package dev.parley.knowledge;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// How many files of a store or batch stand where.
///
/// The completed files of a store, which may be very many, are a counter on its row; the others are counted from an
/// index, so that attaching a file need not wait for the store's row. A batch is small and counted whole.
@ApplicationScoped
class Counting {

    static final String UNFINISHED = """
            SELECT vector_store_id AS id, status, count(*) AS files FROM vector_store_files
             WHERE tenant_id = ? AND vector_store_id = ANY (?) AND status IN ('in_progress', 'failed', 'cancelled')
             GROUP BY vector_store_id, status
            """;

    static final String OF_BATCH = """
            SELECT batch_id AS id, status, count(*) AS files FROM vector_store_files
             WHERE tenant_id = ? AND batch_id = ANY (?) GROUP BY batch_id, status
            """;

    private final Transactions transactions;

    Counting(Transactions transactions) {
        this.transactions = transactions;
    }

    /// By store; without its completed files. A store with none is absent.
    Map<UUID, FileCounts> unfinished(TenantId tenant, Collection<VectorStore> stores) {
        return count(tenant, UNFINISHED, stores.stream().map(store -> store.id).toList());
    }

    FileCounts ofStore(TenantId tenant, VectorStore store) {
        return ofStore(store, unfinished(tenant, List.of(store)));
    }

    static FileCounts ofStore(VectorStore store, Map<UUID, FileCounts> unfinished) {
        return unfinished.getOrDefault(store.id, FileCounts.NONE).plus("completed", store.completedFiles);
    }

    FileCounts ofBatch(TenantId tenant, UUID batch) {
        return count(tenant, OF_BATCH, List.of(batch)).getOrDefault(batch, FileCounts.NONE);
    }

    private Map<UUID, FileCounts> count(TenantId tenant, String sql, Collection<UUID> ids) {
        var counts = new HashMap<UUID, FileCounts>();
        if (ids.isEmpty()) {
            return counts;
        }
        transactions.runInTenant(
                tenant,
                connection -> Sql.list(
                        connection,
                        sql,
                        row -> {
                            UUID id = Sql.uuid(row, "id");
                            FileCounts before = counts.getOrDefault(id, FileCounts.NONE);
                            return counts.put(id, before.plus(row.getString("status"), row.getLong("files")));
                        },
                        tenant,
                        ids));
        return counts;
    }
}

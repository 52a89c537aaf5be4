package dev.parley.batch;

import dev.parley.batch.BatchErrors.BatchError;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Moves a batch from state to state, in its worker's transaction.
@ApplicationScoped
class Transitions {

    private static final String BEGIN = """
            UPDATE batches SET status = 'in_progress', in_progress_at = now(), total = ?, model = ?
             WHERE tenant_id = ? AND id = ? AND status = 'validating'""";

    private static final String FAIL = """
            UPDATE batches SET status = 'failed', errors = ?::jsonb, ended_at = now()
             WHERE tenant_id = ? AND id = ? AND ended_at IS NULL""";

    private static final String REOPEN = """
            UPDATE batches SET errors = NULL, ended_at = NULL,
                   status = CASE WHEN finalizing_at IS NOT NULL THEN 'finalizing'
                                 WHEN cancelling_at IS NOT NULL THEN 'cancelling'
                                 WHEN in_progress_at IS NOT NULL THEN 'in_progress' ELSE 'validating' END
             WHERE tenant_id = ? AND id = ? AND status = 'failed'""";

    /// Waits for lines that are just being claimed; the next statement sees them.
    private static final String LOCK = "SELECT id FROM batches WHERE tenant_id = ? AND id = ? FOR UPDATE";

    private static final String FINALIZE = """
            UPDATE batches b SET status = 'finalizing', finalizing_at = now(), output_file_id = ?, error_file_id = ?
             WHERE b.tenant_id = ? AND b.id = ? AND b.status IN ('in_progress', 'cancelling')
               AND NOT EXISTS (SELECT FROM batch_lines l WHERE l.tenant_id = b.tenant_id AND l.batch_id = b.id
                                                           AND l.status = 'running')
               AND (b.status = 'cancelling' OR b.expires_at <= now()
                 OR NOT EXISTS (SELECT FROM batch_lines l WHERE l.tenant_id = b.tenant_id AND l.batch_id = b.id
                                                            AND l.status = 'waiting'))""";

    private static final String END = """
            UPDATE batches SET status = ?, ended_at = now(),
                   output_file_id = CASE WHEN ? THEN output_file_id END,
                   error_file_id = CASE WHEN ? THEN error_file_id END
             WHERE tenant_id = ? AND id = ? AND status = 'finalizing'""";

    private final Transactions transactions;
    private final Json json;

    Transitions(Transactions transactions, Json json) {
        this.transactions = transactions;
        this.json = json;
    }

    void begin(Batch batch, InputCheck input) {
        update(batch.tenant(), BEGIN, input.count(), input.model(), batch.tenant(), id(batch));
    }

    void fail(TenantId tenant, BatchId batch, List<BatchError> errors) {
        update(tenant, FAIL, json.write(BatchErrors.of(errors)), tenant, batch.value());
    }

    void reopen(TenantId tenant, BatchId batch) {
        update(tenant, REOPEN, tenant, batch.value());
    }

    /// When no line runs and none is to be run. Its files get their names now, so that they are written once.
    void finalise(Batch batch) {
        TenantId tenant = batch.tenant();
        transactions.runInTenant(tenant, connection -> {
            Sql.first(connection, LOCK, _ -> true, tenant, id(batch));
            Sql.update(connection, FINALIZE, Ids.next(), Ids.next(), tenant, id(batch));
        });
    }

    void end(Batch batch, OutputFiles.Written written) {
        update(
                batch.tenant(),
                END,
                ending(batch, written).code(),
                written.answers() > 0,
                written.errors() > 0,
                batch.tenant(),
                id(batch));
    }

    private static BatchStatus ending(Batch batch, OutputFiles.Written written) {
        if (batch.isCancelled()) {
            return BatchStatus.CANCELLED;
        }
        return written.unrun() > 0 ? BatchStatus.EXPIRED : BatchStatus.COMPLETED;
    }

    private void update(TenantId tenant, String sql, @Nullable Object... args) {
        transactions.runInTenant(tenant, connection -> Sql.update(connection, sql, args));
    }

    private static UUID id(Batch batch) {
        return batch.id().value();
    }
}

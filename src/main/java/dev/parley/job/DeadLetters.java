package dev.parley.job;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A tenant's jobs that failed for good.
@ApplicationScoped
class DeadLetters {

    private static final String THIS_ONE = " WHERE tenant_id = ? AND id = ? AND status = 'dead'";

    private final Transactions transactions;
    private final JobHandlers handlers;
    private final Bell bell;

    DeadLetters(Transactions transactions, JobHandlers handlers, Bell bell) {
        this.transactions = transactions;
        this.handlers = handlers;
        this.bell = bell;
    }

    List<DeadLetter> list(TenantId tenant, @Nullable UUID after, boolean ascending, int limit) {
        UUID start = ascending ? new UUID(0, 0) : new UUID(-1, -1);
        return transactions.inTenant(
                tenant,
                connection -> Sql.list(
                        connection, listSql(ascending), DeadLetter::of, tenant, after == null ? start : after, limit));
    }

    static String listSql(boolean ascending) {
        return "SELECT * FROM jobs WHERE tenant_id = ? AND status = 'dead' AND "
                + (ascending ? "id > ? ORDER BY id" : "id < ? ORDER BY id DESC") + " LIMIT ?";
    }

    Optional<DeadLetter> find(TenantId tenant, UUID id) {
        return transactions.inTenant(
                tenant,
                connection -> Sql.first(connection, "SELECT * FROM jobs" + THIS_ONE, DeadLetter::of, tenant, id));
    }

    /// Makes the job ready again, with all its attempts, and tells its feature. Returns it as it was.
    Optional<DeadLetter> redrive(TenantId tenant, UUID id) {
        Optional<DeadLetter> redriven = transactions.inTenant(tenant, connection -> {
            Optional<DeadLetter> letter =
                    Sql.first(connection, "SELECT * FROM jobs" + THIS_ONE + " FOR UPDATE", DeadLetter::of, tenant, id);
            Sql.first(connection, """
                            UPDATE jobs SET status = 'ready', attempts = 0, run_at = now(), turn = now(),
                                            updated_at = now()""" + THIS_ONE + " RETURNING *", JobQueue::job, tenant, id)
                    .ifPresent(job -> handlers.of(job).redriven(job));
            return letter;
        });
        redriven.ifPresent(letter -> bell.ring(letter.kind(), Duration.ZERO));
        return redriven;
    }

    boolean delete(TenantId tenant, UUID id) {
        return transactions.inTenant(
                tenant, connection -> Sql.update(connection, "DELETE FROM jobs" + THIS_ONE, tenant, id) > 0);
    }
}

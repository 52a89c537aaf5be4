package dev.parley.job;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Duration;

/// Where features leave work for later.
@ApplicationScoped
public class Jobs {

    private static final String ADD = """
            INSERT INTO jobs (tenant_id, id, kind, subject, run_at, turn)
            SELECT tenant, ?, asked, ?, start, greatest(start, (SELECT max(turn) + interval '1 second' FROM jobs
                                     WHERE tenant_id = tenant AND kind = asked AND status = 'ready'))
              FROM (SELECT ?::uuid AS tenant, ?::text AS asked, now() + make_interval(secs => ?) AS start) job
            ON CONFLICT (tenant_id, kind, subject) DO UPDATE SET
                status = 'ready', attempts = 0, run_at = excluded.run_at, turn = excluded.turn,
                lease_token = NULL, lease_until = NULL, stage = NULL, reason = NULL, updated_at = now()""";

    private final Transactions transactions;
    private final TransactionSynchronizationRegistry current;
    private final Bell bell;

    Jobs(Transactions transactions, TransactionSynchronizationRegistry current, Bell bell) {
        this.transactions = transactions;
        this.current = current;
        this.bell = bell;
    }

    /// Adds a job in the caller's transaction: it runs if, and only after, that commits.
    ///
    /// A job of this kind and subject that exists starts anew: a dead one is ready again, and a running one is
    /// taken from its worker, because what it works on has changed.
    public void add(TenantId tenant, String kind, String subject) {
        add(tenant, kind, subject, Duration.ZERO);
    }

    /// Adds a job that does not start before the delay is over. A handler that adds its own job anew through its lease
    /// gives its place to others and goes on later.
    public void add(TenantId tenant, String kind, String subject, Duration delay) {
        transactions.runInTenant(tenant, connection -> {
            Sql.update(connection, ADD, Ids.next(), subject, tenant, kind, delay.toMillis() / 1000.0);
            current.registerInterposedSynchronization(new RingOnCommit(kind, delay));
        });
    }

    /// Wakes workers for a job that a function of the database has added.
    public void ring(String kind) {
        bell.ring(kind, Duration.ZERO);
    }

    private final class RingOnCommit implements Synchronization {

        private final String kind;
        private final Duration delay;

        RingOnCommit(String kind, Duration delay) {
            this.kind = kind;
            this.delay = delay;
        }

        @Override
        public void beforeCompletion() {}

        @Override
        public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
                bell.ring(kind, delay);
            }
        }
    }
}

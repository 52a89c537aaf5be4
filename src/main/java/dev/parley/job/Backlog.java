package dev.parley.job;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/// How much of a tenant's work waits: for features that take on no more than can be worked on.
@ApplicationScoped
public class Backlog {

    private static final String WAITING = """
            SELECT count(*) AS depth, coalesce(extract(epoch FROM now() - min(run_at)), 0) AS seconds
              FROM (SELECT run_at FROM jobs WHERE tenant_id = ? AND kind = ? AND status = 'ready'
                     ORDER BY turn LIMIT ?) waiting""";

    private final Transactions transactions;

    Backlog(Transactions transactions) {
        this.transactions = transactions;
    }

    /// Jobs that no worker has begun.
    ///
    /// @param age of the oldest
    public record Waiting(long depth, Duration age) {}

    /// @param most are counted
    public Waiting of(TenantId tenant, String kind, int most) {
        return transactions.inTenant(tenant, connection -> Sql.first(
                        connection,
                        WAITING,
                        row -> new Waiting(
                                row.getLong("depth"), Duration.ofSeconds(Math.max(0, row.getLong("seconds")))),
                        tenant,
                        kind,
                        most)
                .orElseThrow());
    }
}

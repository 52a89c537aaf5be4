package dev.parley.usage;

import dev.parley.job.Housekeeping;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/// Deletes idempotency keys that have expired, those of turns and of other requests. It lives here because
/// `idempotency` stands below the features that housekeeping is built on.
@ApplicationScoped
class ExpiredKeys implements Housekeeping {

    private static final int BATCH = 2000;

    private final Transactions transactions;

    ExpiredKeys(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public String name() {
        return "expire-idempotency-keys";
    }

    @Override
    public Duration interval() {
        return Duration.ofMinutes(10);
    }

    @Override
    public boolean run() {
        int deleted = transactions.withoutTenant(
                connection -> Sql.first(connection, "SELECT expire_idempotency_keys(?)", row -> row.getInt(1), BATCH)
                        .orElse(0));
        return deleted == BATCH;
    }
}

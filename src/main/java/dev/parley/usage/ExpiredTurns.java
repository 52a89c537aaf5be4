package dev.parley.usage;

import dev.parley.job.Housekeeping;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Deletes turns that nobody can ask for any more. What they cost stays in the ledger.
@ApplicationScoped
class ExpiredTurns implements Housekeeping {

    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final int BATCH = 2000;

    private final Transactions transactions;
    private final UsageConfig config;
    private final Clock clock;

    ExpiredTurns(Transactions transactions, UsageConfig config, Clock clock) {
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "expire-turns";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    @Override
    public boolean run() {
        Instant now = clock.instant();
        long deleted = transactions.withoutTenant(connection -> Sql.first(
                        connection,
                        "SELECT expire_turns(?, ?, ?)",
                        row -> row.getLong(1),
                        now.minus(Duration.ofDays(config.responseDays())),
                        now.minus(Duration.ofDays(config.turnDays())),
                        BATCH)
                .orElse(0L));
        return deleted >= BATCH;
    }
}

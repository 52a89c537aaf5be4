package dev.parley.tool;

import dev.parley.job.Housekeeping;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;

/// Deletes calls that are over and old.
@ApplicationScoped
class ExpiredCalls implements Housekeeping {

    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final int BATCH = 2000;

    private final Transactions transactions;
    private final CallsConfig config;
    private final Clock clock;

    ExpiredCalls(Transactions transactions, CallsConfig config, Clock clock) {
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "expire-tool-calls";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    @Override
    public boolean run() {
        long deleted = transactions.withoutTenant(connection -> Sql.first(
                        connection,
                        "SELECT expire_tool_calls(?, ?)",
                        row -> row.getLong(1),
                        clock.instant().minus(Duration.ofDays(config.days())),
                        BATCH)
                .orElse(0L));
        return deleted >= BATCH;
    }
}

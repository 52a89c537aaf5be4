package dev.parley.stream;

import dev.parley.job.Housekeeping;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/// Empties the days of the log that have expired, each with one statement whatever it holds.
@ApplicationScoped
class ExpiredEvents implements Housekeeping {

    private static final Duration INTERVAL = Duration.ofHours(1);

    private final Transactions transactions;
    private final StreamConfig config;

    ExpiredEvents(Transactions transactions, StreamConfig config) {
        this.transactions = transactions;
        this.config = config;
    }

    @Override
    public String name() {
        return "expire-turn-events";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    @Override
    public boolean run() {
        transactions.withoutTenant(connection ->
                Sql.first(connection, "SELECT expire_turn_events(?)", row -> row.getInt(1), config.keepDays()));
        return false;
    }
}

package dev.parley.stream;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;

/// Empties the days of the log that have expired, each with one statement whatever it holds.
@ApplicationScoped
class ExpiredEvents {

    private final Transactions transactions;
    private final StreamConfig config;

    ExpiredEvents(Transactions transactions, StreamConfig config) {
        this.transactions = transactions;
        this.config = config;
    }

    boolean run() {
        transactions.withoutTenant(connection ->
                Sql.first(connection, "SELECT expire_turn_events(?)", row -> row.getInt(1), config.keepDays()));
        return false;
    }
}

package dev.parley.prompt;

import dev.parley.job.Housekeeping;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;

/// Forgets which version a turn used, once nobody can ask for the turn any more.
@ApplicationScoped
class ExpiredTurnPrompts implements Housekeeping {

    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final int BATCH = 2000;

    private final Transactions transactions;
    private final PromptConfig config;
    private final Clock clock;

    ExpiredTurnPrompts(Transactions transactions, PromptConfig config, Clock clock) {
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "expire-turn-prompts";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    @Override
    public boolean run() {
        long deleted = transactions.withoutTenant(connection -> Sql.first(
                        connection,
                        "SELECT expire_turn_prompts(?, ?)",
                        row -> row.getLong(1),
                        clock.instant().minus(Duration.ofDays(config.turnDays())),
                        BATCH)
                .orElse(0L));
        return deleted == BATCH;
    }
}

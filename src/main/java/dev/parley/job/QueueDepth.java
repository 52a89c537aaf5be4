package dev.parley.job;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// How much waits for a worker, of all tenants.
@ApplicationScoped
class QueueDepth {

    /// More are not counted: whoever asks only wants to know whether it is too much.
    static final int MOST = 10_000;

    private final Transactions transactions;

    QueueDepth(Transactions transactions) {
        this.transactions = transactions;
    }

    /// Jobs that could be begun now.
    ///
    /// @param depth at most [#MOST]
    /// @param oldest since when the first of them waits; null when none does
    record Waiting(long depth, @Nullable Instant oldest) {}

    Waiting of(Collection<String> kinds) {
        return transactions.withoutTenant(connection -> Sql.first(
                        connection,
                        "SELECT * FROM waiting_jobs(?, ?)",
                        row -> {
                            OffsetDateTime oldest = row.getObject("oldest", OffsetDateTime.class);
                            return new Waiting(row.getLong("depth"), oldest == null ? null : oldest.toInstant());
                        },
                        kinds,
                        MOST)
                .orElseThrow());
    }
}

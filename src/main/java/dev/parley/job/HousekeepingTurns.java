package dev.parley.job;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/// Which process does which task when, as the database tells. Times are the database's: they are compared between
/// processes.
@ApplicationScoped
class HousekeepingTurns {

    private static final String CLAIM = "SELECT * FROM claim_housekeeping(?, ?, make_interval(secs => ?))";

    private static final String END = "SELECT end_housekeeping(?, ?, ?, ?)";

    private final Transactions transactions;

    HousekeepingTurns(Transactions transactions) {
        this.transactions = transactions;
    }

    /// The right to run a task until the lease ends.
    record Claim(String task, UUID token) {}

    /// Those of the tasks that are due, now ours alone.
    ///
    /// @param early how long before its time a task may run, but for half of its interval
    List<Claim> claim(Collection<Housekeeping> tasks, Duration lease, Duration early) {
        List<String> names = tasks.stream().map(Housekeeping::name).toList();
        List<Long> intervals = tasks.stream()
                .map(task -> task.interval().toMillis())
                .map(interval -> interval - Math.min(early.toMillis(), interval / 2))
                .toList();
        return transactions.withoutTenant(connection -> Sql.list(
                connection,
                CLAIM,
                row -> new Claim(row.getString("task"), Sql.uuid(row, "token")),
                names,
                intervals,
                lease.toMillis() / 1000.0));
    }

    /// @param again due at once, because more is left
    void end(Claim claim, boolean again) {
        end(claim, again, false);
    }

    /// Due at its next turn.
    void fail(Claim claim) {
        end(claim, false, true);
    }

    private void end(Claim claim, boolean again, boolean failed) {
        transactions.withoutTenant(
                connection -> Sql.first(connection, END, _ -> true, claim.task(), claim.token(), again, failed));
    }
}

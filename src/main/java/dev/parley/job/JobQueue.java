package dev.parley.job;

import dev.parley.invocation.Deadline;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// The queue as workers use it. Times are the database's: leases are compared between processes.
@ApplicationScoped
class JobQueue {

    private static final String OURS = " WHERE tenant_id = ? AND id = ? AND lease_token = ?";
    private static final String LET_GO = ", lease_token = NULL, lease_until = NULL, updated_at = now()";

    private final Transactions transactions;
    private final JobConfig config;

    JobQueue(Transactions transactions, JobConfig config) {
        this.transactions = transactions;
        this.config = config;
    }

    /// @param deadline of the invocation that the jobs are done in
    List<Lease> claim(Collection<String> kinds, int batch, Deadline deadline) {
        var claims = new Lease.Claims(this, transactions, deadline);
        return transactions.withoutTenant(connection -> Sql.list(
                connection,
                "SELECT * FROM claim_jobs(?, ?, make_interval(secs => ?))",
                row -> new Lease(job(row), Sql.uuid(row, "lease_token"), claims),
                kinds,
                batch,
                seconds(config.lease())));
    }

    static Job job(ResultSet row) throws SQLException {
        return new Job(
                new TenantId(Sql.uuid(row, "tenant_id")),
                Sql.uuid(row, "id"),
                row.getString("kind"),
                row.getString("subject"),
                row.getInt("attempts"));
    }

    /// Locks the job for a transaction that commits part of it.
    void progress(Connection connection, Lease lease) throws SQLException {
        change(
                connection,
                "UPDATE jobs SET attempts = 1, lease_until = now() + make_interval(secs => ?)" + OURS,
                lease,
                seconds(config.lease()));
    }

    /// Locks the job and tells how many attempts were made.
    int lockAttempts(Connection connection, Lease lease) throws SQLException {
        return Sql.first(
                        connection,
                        "SELECT attempts FROM jobs" + OURS + " FOR UPDATE",
                        row -> row.getInt(1),
                        lease.job().tenant(),
                        lease.job().id(),
                        lease.token())
                .orElseThrow(() -> new LeaseLost(lease.job()));
    }

    void complete(Lease lease) {
        transactions.runInTenant(
                lease.job().tenant(), connection -> change(connection, "DELETE FROM jobs" + OURS, lease));
    }

    void retry(Connection connection, Lease lease, JobFailure failure, Duration delay) throws SQLException {
        change(
                connection,
                """
                UPDATE jobs SET status = 'ready', stage = ?, reason = ?,
                       run_at = now() + make_interval(secs => ?), turn = now() + make_interval(secs => ?)""" + LET_GO + OURS,
                lease,
                failure.stage(),
                failure.reason(),
                seconds(delay),
                seconds(delay));
    }

    void bury(Connection connection, Lease lease, JobFailure failure) throws SQLException {
        change(
                connection,
                "UPDATE jobs SET status = 'dead', stage = ?, reason = ?" + LET_GO + OURS,
                lease,
                failure.stage(),
                failure.reason());
    }

    /// Hands a job back that is not done, through no fault of its own.
    void release(Lease lease) {
        transactions.runInTenant(
                lease.job().tenant(),
                connection -> change(
                        connection,
                        "UPDATE jobs SET status = 'ready', attempts = greatest(attempts - 1, 0)" + LET_GO + OURS,
                        lease));
    }

    /// Does not wait where the handler is committing: that renews the lease as well.
    void renew(Lease lease) {
        transactions.runInTenant(
                lease.job().tenant(),
                connection -> Sql.update(
                        connection,
                        """
                        UPDATE jobs SET lease_until = now() + make_interval(secs => ?)
                         WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM jobs""" + OURS + " FOR UPDATE SKIP LOCKED)",
                        seconds(config.lease()),
                        lease.job().tenant(),
                        lease.job().id(),
                        lease.token()));
    }

    private static void change(Connection connection, String sql, Lease lease, Object... values) throws SQLException {
        Object[] args = Arrays.copyOf(values, values.length + 3);
        args[values.length] = lease.job().tenant();
        args[values.length + 1] = lease.job().id();
        args[values.length + 2] = lease.token();
        if (Sql.update(connection, sql, args) == 0) {
            throw new LeaseLost(lease.job());
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}

package dev.parley.knowledge;

import dev.parley.aws.ObjectName;
import dev.parley.aws.ObjectStore;
import dev.parley.job.Housekeeping;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// Objects in S3 that no file has: not yet, or not any more. What is not to stay is deleted here, however often that
/// takes.
@ApplicationScoped
class LooseObjects implements Housekeeping {

    private static final int BATCH = 20;

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private static final String DUE = "SELECT * FROM due_objects(?)";

    private static final String ANNOUNCE = """
            INSERT INTO loose_objects (tenant_id, location, fate, due_at)
            VALUES (?, ?, 'pending', now() + make_interval(secs => ?))
            """;

    private static final String KEEP =
            "DELETE FROM loose_objects WHERE tenant_id = ? AND location = ? AND fate = 'pending' AND due_at > now()";

    /// From here on nobody keeps it any more.
    /// One that is refused is tried again later, behind the others.
    private static final String DOOM = """
            UPDATE loose_objects SET fate = 'doomed', due_at = now() + interval '10 minutes'
             WHERE tenant_id = ? AND location = ? AND (fate = 'doomed' OR due_at <= now())
            """;

    private static final String FORGET =
            "DELETE FROM loose_objects WHERE tenant_id = ? AND location = ? AND fate = 'doomed'";

    private final Transactions transactions;
    private final ObjectStore objects;

    LooseObjects(Transactions transactions, ObjectStore objects) {
        this.transactions = transactions;
        this.objects = objects;
    }

    /// An object is about to be written, and deleted after that time unless it is kept.
    ///
    /// @throws IllegalStateException inside a transaction of somebody else: a roll-back must not take the note
    /// along
    void announce(TenantId tenant, ObjectName object, Duration time) {
        if (transactions.isUnderWay()) {
            throw new IllegalStateException("An object is written before the transaction that keeps it");
        }
        transactions.runInTenant(tenant, connection -> announce(connection, tenant, object, time));
    }

    /// The same, for one that others write if this transaction commits.
    void announce(Connection connection, TenantId tenant, ObjectName object, Duration time) throws SQLException {
        Sql.update(connection, ANNOUNCE, tenant, object.toString(), time.toSeconds());
    }

    /// The object stays if this transaction commits.
    ///
    /// @throws Problem (503) when it came too late and is about to be deleted
    void keep(Connection connection, TenantId tenant, ObjectName object) throws SQLException {
        if (Sql.update(connection, KEEP, tenant, object.toString()) == 0) {
            throw Problem.passing(
                    ProblemKind.UNAVAILABLE, "upload_too_slow", "Storing the file took too long. Please retry.", AGAIN);
        }
    }

    /// Deletes an object that is not to stay. A process that dies in between has done no harm: the next one goes on.
    void delete(TenantId tenant, ObjectName object) {
        int doomed =
                transactions.inTenant(tenant, connection -> Sql.update(connection, DOOM, tenant, object.toString()));
        if (doomed > 0) {
            objects.delete(object);
            transactions.runInTenant(tenant, connection -> Sql.update(connection, FORGET, tenant, object.toString()));
        }
    }

    @Override
    public String name() {
        return "loose-objects";
    }

    @Override
    public Duration interval() {
        return Duration.ofMinutes(1);
    }

    @Override
    public boolean run() {
        var sweep = new Sweep();
        transactions
                .withoutTenant(connection -> Sql.list(
                        connection,
                        DUE,
                        row -> new Due(
                                new TenantId(Sql.uuid(row, "tenant_id")), ObjectName.parse(row.getString("location"))),
                        BATCH))
                .forEach(due -> sweep.remove(due.object(), () -> delete(due.tenant(), due.object())));
        return sweep.hasMore();
    }

    private record Due(TenantId tenant, ObjectName object) {}
}

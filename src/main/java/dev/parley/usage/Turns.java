package dev.parley.usage;

import dev.parley.model.Bound;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Turns as they are kept: looked up, begun by a worker, cancelled, forgotten.
@ApplicationScoped
public class Turns {

    /// Of the jobs that begin turns; `admit` adds them.
    public static final String JOB_KIND = "turn";

    private static final String FIND = """
            SELECT *, status = 'in_progress' AND lease_until < lease_horizon() AS overdue,
                   status = 'failed' AND lease_token IS NULL AS abandoned
              FROM turns WHERE tenant_id = ? AND id = ?""";

    private static final String BEGIN = """
            UPDATE turns SET status = 'in_progress', lease_token = ?, attempted = ARRAY[model],
                   lease_until = clock_timestamp() + ? * interval '1 millisecond'
             WHERE tenant_id = ? AND id = ? AND status = 'queued' AND NOT cancel_requested
            RETURNING model, micros, tokens""";

    private static final String CANCEL = """
            UPDATE turns SET cancel_requested = true
             WHERE tenant_id = ? AND id = ? AND status = ANY (?)
            RETURNING status, conversation_id""";

    private static final String FORGET = """
            WITH forgotten AS (
                UPDATE turns SET stored = false, request = NULL, answer = NULL
                 WHERE tenant_id = ? AND id = ? AND stored AND status NOT IN ('queued', 'in_progress')
                RETURNING tenant_id, id),
            silenced AS (
                DELETE FROM turn_events e USING forgotten f
                 WHERE e.tenant_id = f.tenant_id AND e.slot = turn_slot(?) AND e.turn_id = f.id)
            SELECT id FROM forgotten""";

    private final Transactions transactions;
    private final Settlements settlements;
    private final Leases leases;
    private final UsageConfig config;
    private final Closing closing;

    Turns(Transactions transactions, Settlements settlements, Leases leases, UsageConfig config, Closing closing) {
        this.transactions = transactions;
        this.settlements = settlements;
        this.leases = leases;
        this.config = config;
        this.closing = closing;
    }

    /// A turn whose owner died is settled first, so that nobody waits for it. What runs here has an owner, whatever
    /// became of its lease while the database was away.
    public Optional<StoredTurn> find(TenantId tenant, UUID id) {
        Optional<Found> found = look(tenant, id);
        if (found.filter(Found::overdue).isPresent() && !leases.isKept(id)) {
            UUID conversation = found.get().turn.thread().conversation();
            settlements.reap(tenant, List.of(new Settlements.Abandoned(id, conversation)));
            found = look(tenant, id);
        }
        return found.map(Found::turn);
    }

    private record Found(StoredTurn turn, boolean overdue) {}

    private Optional<Found> look(TenantId tenant, UUID id) {
        return transactions.list(tenant, FIND, Turns::map, tenant, id).stream().findFirst();
    }

    private static Found map(ResultSet row) throws SQLException {
        var turn = new StoredTurn(
                Sql.uuid(row, "id"),
                TurnKind.of(row.getString("kind")),
                row.getString("model"),
                TurnStatus.of(row.getString("status")),
                new StoredTurn.Thread(
                        row.getObject("conversation_id", UUID.class),
                        row.getObject("previous_id", UUID.class),
                        row.getBoolean("background"),
                        row.getBoolean("stored")),
                row.getBytes("request"),
                row.getBytes("answer"),
                row.getBoolean("abandoned"),
                row.getLong("leased_sequence"),
                Objects.requireNonNull(Sql.instant(row, "created_at")),
                Sql.instant(row, "ended_at"));
        return new Found(turn, row.getBoolean("overdue"));
    }

    /// Takes a turn that waits for a worker; its first attempt is on record from here on. Empty when it does not wait
    /// any more.
    ///
    /// @throws dev.parley.problem.Problem (503) while this process shuts down: another one will begin it
    public Optional<Ticket> begin(TenantId tenant, UUID id) {
        closing.checkOpen();
        UUID token = UUID.randomUUID();
        return transactions.inTenant(
                tenant,
                connection -> Sql.first(
                        connection,
                        BEGIN,
                        row -> new Ticket(
                                tenant,
                                id,
                                token,
                                row.getString("model"),
                                new Bound(row.getLong("micros"), row.getLong("tokens"))),
                        token,
                        config.lease().toMillis(),
                        tenant,
                        id));
    }

    /// A turn under way ends as soon as its owner hears of it; one that waits ends at once, for nothing; one that is
    /// over stays as it is.
    public void cancel(TenantId tenant, UUID id) {
        cancel(tenant, id, List.of(TurnStatus.QUEUED.code(), TurnStatus.IN_PROGRESS.code()));
        leases.cancel(id);
    }

    /// Ends a turn that nobody will begin, for nothing; joins the caller's transaction. One that was begun or is over
    /// stays as it is.
    public void endQueued(TenantId tenant, UUID id) {
        cancel(tenant, id, List.of(TurnStatus.QUEUED.code()));
    }

    private void cancel(TenantId tenant, UUID id, List<String> states) {
        transactions.runInTenant(tenant, connection -> {
            Optional<Asked> asked = Sql.first(
                    connection,
                    CANCEL,
                    row -> new Asked(
                            TurnStatus.of(row.getString("status")), row.getObject("conversation_id", UUID.class)),
                    tenant,
                    id,
                    states);
            if (asked.isPresent() && asked.get().status == TurnStatus.QUEUED) {
                settlements.cancelQueued(connection, tenant, id, asked.get().conversation);
            }
        });
    }

    private record Asked(TurnStatus status, @Nullable UUID conversation) {}

    /// What was said is gone, events included; what was spent stays in the ledger.
    ///
    /// @return false when there was nothing to forget, or it is still under way
    public boolean forget(TenantId tenant, UUID id) {
        return transactions
                .inTenant(
                        tenant, connection -> Sql.first(connection, FORGET, row -> Sql.uuid(row, "id"), tenant, id, id))
                .isPresent();
    }
}

package dev.parley.stream;

import dev.parley.model.Bound;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.usage.Admission;
import dev.parley.usage.Admissions;
import dev.parley.usage.Fate;
import dev.parley.usage.LastEvents;
import dev.parley.usage.Payer;
import dev.parley.usage.Settlement;
import dev.parley.usage.Settlements;
import dev.parley.usage.Ticket;
import dev.parley.usage.TurnKind;
import dev.parley.usage.TurnStatus;
import dev.parley.usage.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Admits, settles and kills turns for tests of their streams.
@ApplicationScoped
class TestTurn {

    private final Admissions admissions;
    private final Settlements settlements;
    private final Transactions transactions;

    TestTurn(Admissions admissions, Settlements settlements, Transactions transactions) {
        this.admissions = admissions;
        this.settlements = settlements;
        this.transactions = transactions;
    }

    Ticket admit(TenantId tenant) {
        var admission = new Admission(
                Ids.next(),
                TurnKind.RESPONSE,
                Payer.of(tenant),
                "scripted",
                new Bound(100, 100),
                null,
                Admission.Thread.NONE);
        return ((Verdict.Admitted) admissions.admit(admission)).ticket();
    }

    Fate settle(Ticket ticket, @Nullable LastEvents events) {
        var outcome = new Settlement.Outcome(true, null, List.of(), events);
        return settlements.settle(new Settlement(ticket, TurnStatus.COMPLETED, List.of(), null, outcome));
    }

    /// As if its owner had not been heard of for a while.
    void letLeaseRunOut(Ticket ticket) {
        update(ticket, "UPDATE turns SET lease_until = now() - interval '1 second' WHERE tenant_id = ? AND id = ?");
    }

    void requestCancel(Ticket ticket) {
        update(ticket, "UPDATE turns SET cancel_requested = true WHERE tenant_id = ? AND id = ?");
    }

    String status(Ticket ticket) {
        return transactions.inTenant(ticket.tenant(), connection -> Sql.first(
                        connection,
                        "SELECT status FROM turns WHERE tenant_id = ? AND id = ?",
                        row -> row.getString(1),
                        ticket.tenant(),
                        ticket.turn())
                .orElseThrow());
    }

    /// First numbers of the rows in the log.
    List<Long> rows(TenantId tenant, UUID turn) {
        return transactions.inTenant(
                tenant,
                connection -> Sql.list(
                        connection,
                        "SELECT first_sequence FROM turn_events WHERE tenant_id = ? AND turn_id = ? ORDER BY 1",
                        row -> row.getLong(1),
                        tenant,
                        turn));
    }

    private void update(Ticket ticket, String sql) {
        transactions.runInTenant(
                ticket.tenant(), connection -> Sql.update(connection, sql, ticket.tenant(), ticket.turn()));
    }
}

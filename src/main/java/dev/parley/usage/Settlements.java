package dev.parley.usage;

import dev.parley.model.Paid;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.telemetry.FunctionMetrics;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Ends turns: what they spent, what they said, what is kept, in one statement that writes everything or nothing.
@ApplicationScoped
public class Settlements {

    private static final Logger LOG = Logger.getLogger(Settlements.class);
    private static final String SETTLE = "SELECT * FROM settle(?, ?::jsonb, ?, ?, ?::jsonb, ?, ?)";

    private final Transactions transactions;
    private final Json json;
    private final Deferred deferred;
    private final FunctionMetrics metrics;
    private final Together<Settlement, Fate> together;

    Settlements(Transactions transactions, Json json, Deferred deferred, FunctionMetrics metrics) {
        this.transactions = transactions;
        this.json = json;
        this.deferred = deferred;
        this.metrics = metrics;
        this.together = new Together<>(each -> Set.of(each.ticket().turn()), this::settleAll);
    }

    /// May be called again after a failure: what was settled stays as it is.
    ///
    /// @throws dev.parley.problem.Problem (503) when the database is away
    public Fate settle(Settlement settlement) {
        Fate fate = together.call(settlement.ticket().tenant(), settlement);
        if (fate == Fate.SETTLED && metrics.areWritten()) {
            measure(settlement);
        }
        return fate;
    }

    private void measure(Settlement settlement) {
        long micros = settlement.paid().stream().mapToLong(Paid::costMicros).sum();
        if (micros > 0) {
            metrics.spent(micros);
        }
    }

    /// Never fails: while the database is away the settlement waits for it, and its caller does not. The turn stays its
    /// owner's until then, also when the caller closes its lease. One that waits too long is left to the reaper.
    public Fate settleSurely(Settlement settlement) {
        try {
            return settle(settlement);
        } catch (RuntimeException failure) {
            LOG.warnf(
                    "The settlement of turn %s is put off: %s",
                    settlement.ticket().turn(), failure.getMessage());
            deferred.add(settlement, this::settle);
            return Fate.DEFERRED;
        }
    }

    /// Ends a turn that no worker has begun, and none will, in the transaction that made sure of that.
    void cancelQueued(Connection connection, TenantId tenant, UUID turn, @Nullable UUID conversation)
            throws SQLException {
        var call = new Call(Together.PATIENCE);
        call.rows.add(SettlementRow.cancelled(turn, conversation));
        call.answers.add(null);
        call.events.add(null);
        run(connection, tenant, call);
    }

    /// A turn as it is named to be reaped.
    record Abandoned(UUID turn, @Nullable UUID conversation) {}

    /// Settles turns whose leases have run out, for what is reserved if a provider was asked.
    List<Fate> reap(TenantId tenant, List<Abandoned> turns) {
        var call = new Call(Together.PATIENCE);
        turns.forEach(call::add);
        return run(tenant, call);
    }

    private List<Fate> settleAll(TenantId tenant, List<Settlement> settlements, Duration patience) {
        var call = new Call(patience);
        settlements.forEach(call::add);
        return run(tenant, call);
    }

    private List<Fate> run(TenantId tenant, Call call) {
        return transactions.withoutTenant(connection -> run(connection, tenant, call));
    }

    private List<Fate> run(Connection connection, TenantId tenant, Call call) throws SQLException {
        return Sql.list(
                connection,
                SETTLE,
                row -> Fate.of(row.getString("verdict")),
                tenant,
                json.write(call.rows),
                Sql.byteas(call.answers),
                Sql.byteas(call.events),
                json.write(call.items),
                Sql.byteas(call.contents),
                call.patience.toMillis());
    }

    /// The arguments of one call.
    private static final class Call {

        private final Duration patience;
        private final List<SettlementRow> rows = new ArrayList<>();
        private final List<byte @Nullable []> answers = new ArrayList<>();
        private final List<byte @Nullable []> events = new ArrayList<>();
        private final List<SettlementRow.Item> items = new ArrayList<>();
        private final List<byte @Nullable []> contents = new ArrayList<>();

        Call(Duration patience) {
            this.patience = patience;
        }

        void add(Settlement settlement) {
            int n = rows.size() + 1;
            Settlement.Outcome outcome = settlement.outcome();
            rows.add(SettlementRow.of(n, settlement));
            answers.add(outcome.answer());
            events.add(outcome.events() == null ? null : outcome.events().events());
            for (Kept item : outcome.items()) {
                items.add(new SettlementRow.Item(n, item.turn(), item.role(), item.tokens()));
                contents.add(item.content());
            }
        }

        void add(Abandoned turn) {
            rows.add(SettlementRow.reaped(rows.size() + 1, turn.turn(), turn.conversation()));
            answers.add(null);
            events.add(null);
        }
    }
}

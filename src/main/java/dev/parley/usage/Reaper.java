package dev.parley.usage;

import dev.parley.job.Housekeeping;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// Settles turns whose owners died. Whoever looks one up does so too; this finds those that nobody asks for.
@ApplicationScoped
class Reaper implements Housekeeping {

    private static final Logger LOG = Logger.getLogger(Reaper.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final int BATCH = 200;

    private final Transactions transactions;
    private final Settlements settlements;
    private final Leases leases;

    Reaper(Transactions transactions, Settlements settlements, Leases leases) {
        this.transactions = transactions;
        this.settlements = settlements;
        this.leases = leases;
    }

    private record Overdue(TenantId tenant, Settlements.Abandoned turn) {}

    @Override
    public String name() {
        return "reap-turns";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    @Override
    public boolean run() {
        List<Overdue> overdue = transactions.withoutTenant(connection -> Sql.list(
                connection,
                "SELECT * FROM overdue_turns(?)",
                row -> new Overdue(
                        new TenantId(Sql.uuid(row, "tenant_id")),
                        new Settlements.Abandoned(Sql.uuid(row, "id"), row.getObject("conversation_id", UUID.class))),
                BATCH));
        Map<TenantId, List<Settlements.Abandoned>> byTenant = overdue.stream()
                .filter(each -> !leases.isKept(each.turn.turn()))
                .collect(
                        Collectors.groupingBy(Overdue::tenant, Collectors.mapping(Overdue::turn, Collectors.toList())));
        byTenant.forEach(this::reap);
        return overdue.size() == BATCH;
    }

    private void reap(TenantId tenant, List<Settlements.Abandoned> turns) {
        List<Fate> fates = settlements.reap(tenant, turns);
        for (int i = 0; i < turns.size(); i++) {
            if (fates.get(i) == Fate.SETTLED) {
                LOG.warnf(
                        "Turn %s of %s lost its owner and was settled",
                        turns.get(i).turn(), tenant);
            }
        }
    }
}

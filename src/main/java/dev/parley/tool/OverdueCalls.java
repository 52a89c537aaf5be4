package dev.parley.tool;

import dev.parley.job.Housekeeping;
import dev.parley.model.Spend;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/// Looks into calls whose processes died while they ran: what their tools say of them, or that nobody knows.
@ApplicationScoped
class OverdueCalls implements Housekeeping {

    private static final Logger LOG = Logger.getLogger(OverdueCalls.class);

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /// Each may wait for its tool.
    private static final int BATCH = 4;

    private final Transactions transactions;
    private final CallLedger ledger;
    private final Toolbox toolbox;
    private final ToolCalls calls;

    OverdueCalls(Transactions transactions, CallLedger ledger, Toolbox toolbox, ToolCalls calls) {
        this.transactions = transactions;
        this.ledger = ledger;
        this.toolbox = toolbox;
        this.calls = calls;
    }

    @Override
    public String name() {
        return "overdue-tool-calls";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    private record Due(TenantId tenant, CallId call) {}

    @Override
    public boolean run() {
        List<Due> due = transactions.withoutTenant(connection -> Sql.list(
                connection,
                "SELECT * FROM overdue_tool_calls(?)",
                row -> new Due(new TenantId(Sql.uuid(row, "tenant_id")), new CallId(Sql.uuid(row, "id"))),
                BATCH));
        due.forEach(this::lookInto);
        return due.size() == BATCH;
    }

    private void lookInto(Due due) {
        ledger.find(due.tenant, due.call).filter(StoredCall::overdue).ifPresent(stored -> {
            String name = stored.asked().tool();
            Tools tools = toolbox.reopen(due.tenant, ToolSelection.named(Set.of(name)));
            ToolResult found = new Standing(calls.desk()).lookInto(stored, tools.find(name), Spend.UNMETERED);
            if (found.status() == CallStatus.IN_DOUBT) {
                LOG.warnf("tool_call_in_doubt: call %s of the tool %s", stored.id(), name);
            }
        });
    }
}

package dev.parley.stream;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/// Has turns settled whose owners died, so that those who follow them come to an end.
@ApplicationScoped
class DeadTurns {

    private static final String REAP = """
            SELECT settle(t.tenant_id, jsonb_build_array(jsonb_build_object(
                       'n', 1, 'id', t.id, 'conversation_id', t.conversation_id, 'status', 'failed', 'reap', true,
                       'keeps_key', true, 'lines', '[]'::jsonb)),
                   ARRAY[NULL]::bytea[], ARRAY[NULL]::bytea[], '[]', '{}')
              FROM turns t WHERE t.tenant_id = ? AND t.id = ?
            """;

    private final Transactions transactions;

    DeadTurns(Transactions transactions) {
        this.transactions = transactions;
    }

    /// Does nothing to a turn that lives.
    void reap(TenantId tenant, UUID turn) {
        transactions.runInTenant(tenant, connection -> Sql.first(connection, REAP, _ -> true, tenant, turn));
    }
}

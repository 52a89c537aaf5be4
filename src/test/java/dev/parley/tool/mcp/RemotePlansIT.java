package dev.parley.tool.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Transactions;
import dev.parley.testing.Explain;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Turns with remote tools begin with these.
@QuarkusTest
class RemotePlansIT {

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();

    @Test
    void toolsAreFoundByTheirNames() {
        String plan =
                Explain.plan(transactions, tenant.id(), RemoteTools.NAMED, tenant.id(), List.of("meteo__weather"));

        assertThat(plan)
                .contains("Index Scan using mcp_tools_tenant_id_tool_name_key", "Index Scan using mcp_servers_pkey")
                .containsPattern("Index Cond: .*tool_name = ANY");
    }

    @Test
    void allToolsOfATenantAreFoundByIt() {
        assertThat(Explain.plan(transactions, tenant.id(), RemoteTools.USABLE, tenant.id()))
                .doesNotContain("Seq Scan")
                .containsPattern("Index Cond: .*tenant_id");
    }
}

package dev.parley.batch;

import static dev.parley.testing.Explain.orderedPlan;
import static dev.parley.testing.Explain.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What workers and clients ask again and again can use the index that is meant for it.
@QuarkusTest
class BatchPlansIT {

    private final TenantId tenant = TestTenant.create().id();
    private final UUID batch = UUID.randomUUID();
    private final Transactions transactions;

    BatchPlansIT(Transactions transactions) {
        this.transactions = transactions;
    }

    @Test
    void aClaimReadsWaitingLinesInTheirOrder() {
        assertThat(orderedPlan(transactions, tenant, BatchLines.NEXT, tenant, batch))
                .contains("Index Scan using batch_lines_waiting")
                .doesNotContain("Sort");
    }

    @Test
    void linesOfDeadWorkersAreFoundByTheirLeases() {
        assertThat(plan(transactions, tenant, BatchLines.RELEASE, tenant, batch))
                .contains("Index Scan using batch_lines_running");
    }

    @Test
    void whatIsLeftIsLookedUp() {
        assertThat(plan(transactions, tenant, LinesLeft.LOOK, tenant, batch))
                .contains("using batch_lines_running")
                .contains("using batch_lines_waiting")
                .contains("using batches_pkey");
    }

    @Test
    void pagesFollowTheKey() {
        assertThat(orderedPlan(transactions, tenant, EndedLines.PAGE, tenant, batch, 0, 50))
                .contains("using batch_lines_pkey")
                .doesNotContain("Sort");
        assertThat(orderedPlan(transactions, tenant, Batches.LIST, tenant, batch, 21))
                .contains("using batches_pkey")
                .doesNotContain("Sort");
    }
}

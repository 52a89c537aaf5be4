package dev.parley.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Explain;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The log is read again and again: one partition, by its primary key.
@QuarkusTest
class EventLogPlansIT {

    private final Transactions transactions;
    private final TestTenant tenant = TestTenant.create();
    private final UUID turn = Ids.next();

    EventLogPlansIT(Transactions transactions) {
        this.transactions = transactions;
    }

    @Test
    void readingOnTouchesOnePartitionByItsKey() {
        var id = tenant.id();
        String plan = Explain.plan(transactions, id, EventLog.READ, id, turn, turn, id, turn, turn, 41L, 64, id, turn);
        assertOneSlot(plan);
        assertThat(plan).containsPattern("Index Cond: .*r.first_sequence >=").containsPattern("<= '?41");
    }

    @Test
    void theLastRowIsFoundByItsKey() {
        assertOneSlot(Explain.orderedPlan(transactions, tenant.id(), EventLog.LAST, tenant.id(), turn, turn));
    }

    private void assertOneSlot(String plan) {
        int slot = transactions.inTenant(
                tenant.id(), connection -> Sql.first(connection, "SELECT turn_slot(?)", row -> row.getInt(1), turn)
                        .orElseThrow());
        assertThat(plan)
                .containsPattern("Scan.* using turn_events_%d_pkey".formatted(slot))
                .doesNotContain("Seq Scan", "Append", "  Filter:");
        for (int other = 0; other < 8; other++) {
            assertThat(plan.contains("turn_events_" + other)).as(plan).isEqualTo(other == slot);
        }
    }
}

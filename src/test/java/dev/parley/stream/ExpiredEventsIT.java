package dev.parley.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The ring of days, as the database's clock has them.
@QuarkusTest
class ExpiredEventsIT {

    private static final long DAY = 86_400_000;

    private final ExpiredEvents expiredEvents;
    private final Transactions transactions;
    private final TenantId tenant = TestTenant.create().id();
    /// Turns by their age in days.
    private final Map<Integer, UUID> turns = new TreeMap<>();

    ExpiredEventsIT(ExpiredEvents expiredEvents, Transactions transactions) {
        this.expiredEvents = expiredEvents;
        this.transactions = transactions;
    }

    @BeforeEach
    void aTurnOfEveryDay() {
        long now = transactions.inTenant(tenant, connection -> Sql.first(
                        connection, "SELECT (extract(epoch FROM now()) * 1000)::bigint", row -> row.getLong(1))
                .orElseThrow());
        for (int age = -1; age <= 6; age++) {
            UUID turn = turnOf(now - age * DAY);
            turns.put(age, turn);
            transactions.runInTenant(
                    tenant,
                    connection -> Sql.update(
                            connection,
                            "INSERT INTO turn_events VALUES (?, turn_slot(?), ?, 0, 1, '\\x00')",
                            tenant,
                            turn,
                            turn));
        }
    }

    @Test
    void twoDaysAreKeptBesideTodayAndTomorrowIsLeftAlone() {
        expiredEvents.run();

        assertThat(ages()).containsExactly(-1, 0, 1, 2);
    }

    @Test
    void whateverIsConfiguredYesterdayStaysAndTheOldestGoes() {
        expire(99);
        assertThat(ages()).containsExactly(-1, 0, 1, 2, 3, 4, 5);
        expire(-1);
        assertThat(ages()).containsExactly(-1, 0, 1);
        assertThat(expire(1)).as("nothing is left to empty").isZero();
    }

    private int expire(int days) {
        return transactions.withoutTenant(
                connection -> Sql.first(connection, "SELECT expire_turn_events(?)", row -> row.getInt(1), days)
                        .orElseThrow());
    }

    private List<Integer> ages() {
        List<UUID> left = transactions.inTenant(
                tenant,
                connection -> Sql.list(
                        connection,
                        "SELECT turn_id FROM turn_events WHERE tenant_id = ?",
                        row -> Sql.uuid(row, "turn_id"),
                        tenant));
        return turns.keySet().stream()
                .filter(age -> left.contains(turns.get(age)))
                .toList();
    }

    /// A UUIDv7 of that moment.
    private static UUID turnOf(long millis) {
        return new UUID(millis << 16 | 0x7000, ThreadLocalRandom.current().nextLong() >>> 2 | Long.MIN_VALUE);
    }
}

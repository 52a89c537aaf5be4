package dev.parley.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ExpiredTurnsIT {

    private static final Duration DAY = Duration.ofDays(1);

    @Inject
    ExpiredTurns expired;

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();

    @Test
    void turnsGoWhenNobodyCanAskForThemAndThoseUnderWayStay() {
        UUID fresh = turn(DAY, false, "completed");
        UUID passed = turn(DAY.multipliedBy(2).plusHours(3), false, "failed");
        UUID stored = turn(DAY.multipliedBy(20), true, "completed");
        UUID storedLongAgo = turn(DAY.multipliedBy(31), true, "completed");
        UUID running = turn(DAY.multipliedBy(40), false, "in_progress");

        while (expired.run()) {
            assertThat(remaining()).contains(fresh);
        }

        assertThat(remaining()).contains(fresh, stored, running).doesNotContain(passed, storedLongAgo);
    }

    private UUID turn(Duration age, boolean stored, String status) {
        UUID id = Ids.next();
        Instant made = Instant.now().minus(age);
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(
                        connection, """
                        INSERT INTO turns (tenant_id, id, kind, model, status, lease_until, micros, tokens, charged_tokens, stored, created_at)
                        VALUES (?, ?, 'response', 'm', ?, ?, 0, 0, 0, ?, ?)""", tenant.id(), id, status, Instant.now().plus(DAY), stored, made));
        return id;
    }

    private List<UUID> remaining() {
        return transactions.inTenant(
                tenant.id(),
                connection -> Sql.list(connection, "SELECT id FROM turns", row -> row.getObject("id", UUID.class)));
    }
}

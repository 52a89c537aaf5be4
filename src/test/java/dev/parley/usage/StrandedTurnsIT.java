package dev.parley.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import dev.parley.testing.WithoutWorkers;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Queued turns whose jobs got lost, in a process without workers.
@QuarkusTest
@TestProfile(WithoutWorkers.class)
class StrandedTurnsIT {

    @Inject
    Admissions admissions;

    @Inject
    StrandedTurns stranded;

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();

    private Books books() {
        return new Books(transactions, tenant);
    }

    @BeforeEach
    void itIsCounted() {
        books().budget("tenant", "month", Map.of("limit_micros", 1_000_000));
    }

    private UUID queued() {
        Application application = Application.of(tenant.id());
        var admission = new Admission(
                Ids.next(),
                TurnKind.RESPONSE,
                application.payer(),
                application.model(),
                application.bound(),
                null,
                new Admission.Thread(null, null, true, true, new byte[0]));
        UUID turn = ((Verdict.Admitted) admissions.admit(admission)).ticket().turn();
        books().change(
                        "UPDATE turns SET created_at = now() - interval '6 minutes' WHERE tenant_id = ? AND id = ?",
                        turn);
        return turn;
    }

    private List<String> jobs() {
        return books().texts("SELECT subject || ' ' || status FROM jobs WHERE tenant_id = ? AND kind = 'turn'");
    }

    private void helpAll() {
        while (stranded.run()) {
            assertThat(jobs()).isNotNull();
        }
    }

    @Test
    void aTurnThatLostItsJobGetsAnotherOne() {
        UUID turn = queued();
        books().change("DELETE FROM jobs WHERE tenant_id = ?");

        helpAll();

        assertThat(jobs()).containsExactly(turn + " ready");
        assertThat(books().status(turn)).isEqualTo("queued");
        assertThat(books().counters()).containsExactly("0 1000 0 100");
    }

    @Test
    void aTurnWhoseJobIsDeadEndsForNothing() {
        UUID turn = queued();
        books().change("UPDATE jobs SET status = 'dead' WHERE tenant_id = ?");

        helpAll();

        assertThat(jobs()).containsExactly(turn + " dead");
        assertThat(books().status(turn)).isEqualTo("cancelled");
        assertThat(books().counters()).containsExactly("0 0 0 0");
        assertThat(books().ledger(turn)).isEmpty();
    }

    @Test
    void aTurnThatIsYoungOrHasItsJobIsLeftAlone() {
        UUID waiting = queued();
        UUID young = queued();
        books().change("UPDATE turns SET created_at = now() WHERE tenant_id = ? AND id = ?", young);
        books().change("DELETE FROM jobs WHERE tenant_id = ? AND subject = ?", young.toString());
        books().change("UPDATE jobs SET attempts = 3 WHERE tenant_id = ?");

        helpAll();

        assertThat(jobs()).containsExactly(waiting + " ready");
        assertThat(books().number("SELECT attempts FROM jobs WHERE tenant_id = ?"))
                .isEqualTo(3);
    }
}

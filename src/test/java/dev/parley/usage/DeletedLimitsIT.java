package dev.parley.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.model.Paid;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Limits that go away while turns are counted by them.
@QuarkusTest
class DeletedLimitsIT {

    private static final int CLIENTS = 8;
    private static final int TURNS = 40;

    @Inject
    Admissions admissions;

    @Inject
    Settlements settlements;

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private final Application application = Application.of(tenant.id());

    private Books books() {
        return new Books(transactions, tenant);
    }

    private void delete(String path) {
        tenant.request().delete(path).then().statusCode(200);
    }

    private Fate turn(Application wanted) {
        var admitted = (Verdict.Admitted) admissions.admit(wanted.admission());
        var paid = new Paid(Application.MODEL, "provider", 10, 0, 10, 500, false);
        var outcome = new Settlement.Outcome(true, null, List.of(), null);
        return settlements.settle(
                new Settlement(admitted.ticket(), TurnStatus.COMPLETED, List.of(paid), null, outcome));
    }

    @Test
    void aDeletedLimitHoldsNobodyBack() {
        String budget = books().budget("tenant", "month", Map.of("limit_micros", 1_000));
        String limit = books().rateLimit("tenant", Map.of("requests_per_minute", 1));
        var admitted = (Verdict.Admitted) admissions.admit(application.admission());

        delete("/v1/budgets/" + budget);
        delete("/v1/rate_limits/" + limit);

        assertThat(turn(application)).isEqualTo(Fate.SETTLED);
        var outcome = new Settlement.Outcome(true, null, List.of(), null);
        assertThat(settlements.settle(
                        new Settlement(admitted.ticket(), TurnStatus.COMPLETED, List.of(), null, outcome)))
                .isEqualTo(Fate.SETTLED);
        assertThat(books().count("budget_periods")).isZero();
        assertThat(books().count("rate_buckets")).isZero();
    }

    @Test
    void turnsGoOnWhileLimitsComeAndGo() throws Exception {
        var clients = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            clients.add(() -> {
                int settled = 0;
                for (int turn = 0; turn < TURNS; turn++) {
                    settled += turn(application.by("user " + client + " " + turn % 5)) == Fate.SETTLED ? 1 : 0;
                }
                return settled;
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = clients.stream().map(threads::submit).toList();
            while (!running.stream().allMatch(Future::isDone)) {
                String budget = books().budget("user", "month", Map.of("limit_micros", 1_000_000));
                String limit = books().rateLimit("user", Map.of("tokens_per_minute", 1_000_000));
                delete("/v1/budgets/" + budget);
                delete("/v1/rate_limits/" + limit);
            }
            for (Future<Integer> each : running) {
                assertThat(each.get()).isEqualTo(TURNS);
            }
        }
        assertThat(books().number("SELECT sum(cost_micros) FROM ledger WHERE tenant_id = ?"))
                .isEqualTo(CLIENTS * TURNS * 500L);
    }
}

package dev.parley.usage;

import dev.parley.model.Paid;
import dev.parley.postgres.Json;
import dev.parley.postgres.Transactions;
import dev.parley.telemetry.NoMetrics;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// How many turns a second one tenant with four budgets can admit and settle, with waiting calls grouped and each on
/// its own. No test: `./dev test -Dit.test=HotTenantBench` prints what docs/performance.md quotes.
@QuarkusTest
class HotTenantBench {

    private static final int CLIENTS = 64;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration MEASURED = Duration.ofSeconds(10);

    @Inject
    Transactions transactions;

    @Inject
    Json json;

    @Inject
    UsageConfig config;

    /// Who shares a door shares its calls.
    private record Door(Admissions admissions, Settlements settlements) {}

    private Door door() {
        var leases = new Leases(transactions, config);
        return new Door(
                new Admissions(transactions, json, config, new Closing(leases, config)),
                new Settlements(transactions, json, new Deferred(leases, config), NoMetrics.create()));
    }

    @Test
    void measure() throws Exception {
        for (int round = 1; round <= 2; round++) {
            for (int clients : new int[] {1, CLIENTS}) {
                Door shared = door();
                print("alone", clients, run(clients, () -> door()));
                print("grouped", clients, run(clients, () -> shared));
            }
        }
    }

    private static void print(String what, int clients, long[] nanos) {
        System.out.printf(
                "BENCH %-8s %3d clients %7.0f turns/s  p50 %6.1f ms  p99 %6.1f ms%n",
                what,
                clients,
                nanos.length / (double) MEASURED.toSeconds(),
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6);
    }

    private long[] run(int clients, Callable<Door> doors) throws Exception {
        var tenant = TestTenant.create();
        var books = new Books(transactions, tenant);
        for (String scope : List.of("tenant", "user")) {
            for (String period : List.of("day", "month")) {
                books.budget(scope, period, Map.of("limit_micros", 1_000_000_000_000L));
            }
        }
        Application application =
                Application.of(tenant.id()).by(UUID.randomUUID(), "ann").atMost(1_000, 100);
        var took = new ConcurrentLinkedQueue<Long>();
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var loops = new ArrayList<Future<?>>();
            for (int i = 0; i < clients; i++) {
                Door door = doors.call();
                loops.add(threads.submit(() -> loop(door, application, start, took)));
            }
            for (Future<?> each : loops) {
                each.get();
            }
        }
        return took.stream().mapToLong(each -> each).sorted().toArray();
    }

    private static void loop(Door door, Application application, long start, ConcurrentLinkedQueue<Long> took) {
        for (long now = System.nanoTime() - start;
                now < WARM_UP.plus(MEASURED).toNanos();
                now = System.nanoTime() - start) {
            turn(door, application);
            long ended = System.nanoTime() - start;
            if (now > WARM_UP.toNanos()) {
                took.add(ended - now);
            }
        }
    }

    private static void turn(Door door, Application application) {
        var admitted = (Verdict.Admitted) door.admissions.admit(application.admission());
        var paid = new Paid(Application.MODEL, "provider", 50, 0, 20, 700, false);
        var outcome = new Settlement.Outcome(true, null, List.of(), null);
        door.settlements.settle(new Settlement(admitted.ticket(), TurnStatus.COMPLETED, List.of(paid), null, outcome));
    }
}

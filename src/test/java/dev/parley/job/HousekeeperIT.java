package dev.parley.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/// Housekeepers of their own, each as good as a process, with tasks that no other process knows.
@QuarkusTest
class HousekeeperIT {

    private static final Duration AT_ONCE = Duration.ZERO;
    private static final int PROCESSES = 8;

    private final HousekeepingTurns turns;
    private final Transactions transactions;
    private final Flyway flyway;

    HousekeeperIT(HousekeepingTurns turns, Transactions transactions, Flyway flyway) {
        this.turns = turns;
        this.transactions = transactions;
        this.flyway = flyway;
    }

    private Housekeeper process(String turn, Housekeeping... tasks) {
        return new Housekeeper(List.of(tasks), turns, config(turn));
    }

    private Housekeeper process(Housekeeping... tasks) {
        return process("30s", tasks);
    }

    private static JobConfig config(String turn) {
        var values = Map.of("parley.job.housekeeping.turn", turn, "parley.job.housekeeping.poll", "10ms");
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(JobConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build()
                .getConfigMapping(JobConfig.class);
    }

    @Test
    void manyProcessesTogetherRunATaskOncePerInterval() throws Exception {
        var task = new ScriptedHousekeeping(ScriptedHousekeeping.HOURLY, () -> false);

        var rounds = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < PROCESSES; i++) {
            rounds.add(process(task)::runDue);
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var round : threads.invokeAll(rounds)) {
                assertThat(round.get()).isFalse();
            }
        }

        assertThat(task.batches()).isEqualTo(1);
    }

    @Test
    void aTaskIsDueAgainWhenItsIntervalIsOver() throws Exception {
        var task = new ScriptedHousekeeping(AT_ONCE, () -> false);

        process(task).runDue();
        process(task).runDue();

        assertThat(task.batches()).isEqualTo(2);
    }

    @Test
    void batchesFollowEachOtherUntilNothingIsLeft() throws Exception {
        var left = new CountDownLatch(3);
        var task = new ScriptedHousekeeping(ScriptedHousekeeping.HOURLY, () -> {
            left.countDown();
            return left.getCount() > 0;
        });

        assertThat(process(task).runDue()).isFalse();
        assertThat(task.batches()).isEqualTo(3);
    }

    @Test
    void aTaskThatIsOutOfTimeGoesOnAtTheNextPollWhateverItsInterval() throws Exception {
        var task = new ScriptedHousekeeping(ScriptedHousekeeping.HOURLY, () -> {
            await().pollDelay(Duration.ZERO).until(elapsed(Duration.ofMillis(250)));
            return true;
        });

        assertThat(process("200ms", task).runDue()).isTrue();
        assertThat(process("200ms", task).runDue()).isTrue();

        assertThat(task.batches()).isEqualTo(2);
    }

    private static Callable<Boolean> elapsed(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        return () -> System.nanoTime() > end;
    }

    @Test
    void aFailedTaskIsCountedTriedAgainAtItsNextTurnAndHoldsUpNoOther() throws Exception {
        var failing = new AtomicBoolean(true);
        var task = new ScriptedHousekeeping(AT_ONCE, () -> {
            if (failing.get()) {
                throw new StackOverflowError("broken");
            }
            return false;
        });
        var other = new ScriptedHousekeeping(ScriptedHousekeeping.HOURLY, () -> false);
        var process = process(task, other);

        process.runDue();
        process.runDue();
        assertThat(failures(task)).isEqualTo(2);
        assertThat(other.batches()).isEqualTo(1);

        failing.set(false);
        process.runDue();
        assertThat(failures(task)).isZero();
        assertThat(task.batches()).isEqualTo(3);
    }

    @Test
    void aBatchThatHangsInTheDatabaseIsBrokenOffAndTheTaskRunsAgain() throws Exception {
        var hanging = new AtomicBoolean(true);
        var task = new ScriptedHousekeeping(AT_ONCE, () -> {
            if (hanging.getAndSet(false)) {
                transactions.withoutTenant(connection -> Sql.first(connection, "SELECT pg_sleep(60)", _ -> true));
            }
            return false;
        });
        var process = process("200ms", task);

        process.runDue();
        assertThat(failures(task)).isEqualTo(1);

        process.runDue();
        assertThat(task.batches()).isEqualTo(2);
    }

    @Test
    void aBatchThatCannotBeBrokenOffKeepsItsTaskToItselfInThisProcess() throws Exception {
        var end = new CountDownLatch(1);
        var task = new ScriptedHousekeeping(AT_ONCE, () -> {
            awaitUninterruptibly(end);
            return false;
        });
        var process = process("50ms", task);

        process.runDue();
        await().until(() -> !turns.claim(List.of(task), AT_ONCE, Duration.ZERO).isEmpty());
        process.runDue();
        assertThat(task.batches()).isEqualTo(1);

        end.countDown();
        await().until(() -> {
            process.runDue();
            return task.batches() > 1;
        });
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException ignored) {
                // This is what the test is about.
            }
        }
    }

    @Test
    void aScheduleThatComesSomewhatEarlyFindsItsTaskDue() throws Exception {
        var task = new ScriptedHousekeeping(Duration.ofSeconds(4), () -> false);
        var process = process(task);

        process.runDue();
        await().atMost(Duration.ofSeconds(3)).until(() -> {
            process.runDue();
            return task.batches() > 1;
        });
    }

    @Test
    void theTaskOfAProcessThatDiedIsTakenOverWhenItsLeaseEnds() throws Exception {
        var task = new ScriptedHousekeeping(ScriptedHousekeeping.HOURLY, () -> false);

        assertThat(turns.claim(List.of(task), Duration.ofMillis(1), Duration.ZERO))
                .hasSize(1);
        await().until(() -> {
            process(task).runDue();
            return task.batches() == 1;
        });
    }

    @Test
    void aLoopRunsWhatIsDueAndNothingMoreOnceItIsStopped() throws Exception {
        var begun = new CountDownLatch(1);
        var task = new ScriptedHousekeeping(AT_ONCE, () -> {
            begun.countDown();
            return true;
        });
        var loop = new HousekeepingLoop(process(task), config("30s"), Optional.empty());

        loop.start(null);
        begun.await();
        loop.stop(null);

        int batches = task.batches();
        assertThat(loop.isRunning()).isFalse();
        assertThat(turns.claim(List.of(task), AT_ONCE, Duration.ZERO)).hasSize(1);
        assertThat(task.batches()).isEqualTo(batches);
    }

    @Test
    void aLambdaFunctionHasNoLoop() throws Exception {
        var loop = new HousekeepingLoop(process(), config("30s"), Optional.of("localhost:1"));

        loop.start(null);

        assertThat(loop.isRunning()).isFalse();
        loop.stop(null);
    }

    private int failures(Housekeeping task) throws Exception {
        try (var connection = flyway.getConfiguration().getDataSource().getConnection()) {
            connection.setAutoCommit(false);
            Sql.update(connection, "SET LOCAL ROLE parley_system");
            return Sql.first(
                            connection,
                            "SELECT failures FROM housekeeping WHERE task = ? AND lease_token IS NULL",
                            row -> row.getInt(1),
                            task.name())
                    .orElseThrow();
        }
    }
}

package dev.parley.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One worker, and jobs that hang in it.
@QuarkusTest
@TestProfile(HangingJobsIT.OneWorker.class)
class HangingJobsIT {

    private static final Duration LIMIT = Duration.ofMillis(100);

    /// Leases are looked after three times in their length.
    public static final class OneWorker implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("parley.job.workers", "1", "parley.job.lease", "600ms", "parley.job.max-attempts", "2");
        }
    }

    private final Jobs jobs;
    private final ScriptedJobs scripted;
    private final Transactions transactions;
    private final TestTenant tenant = TestTenant.create();
    private final String subject = UUID.randomUUID().toString();
    private final CountDownLatch end = new CountDownLatch(1);

    HangingJobsIT(Jobs jobs, ScriptedJobs scripted, Transactions transactions) {
        this.jobs = jobs;
        this.scripted = scripted;
        this.transactions = transactions;
    }

    @AfterEach
    void letGo() {
        end.countDown();
    }

    private void add(String subject) {
        jobs.add(tenant.id(), ScriptedJobs.KIND, subject);
    }

    @Test
    void aJobThatHangsFailsAtItsStageIsTriedAgainAndDies() {
        scripted.script(subject, (_, lease) -> {
            lease.enter("parse", LIMIT);
            end.await();
        });
        add(subject);

        await().until(() -> scripted.isBuried(subject));
        assertThat(scripted.runs(subject)).isEqualTo(2);
        tenant.request()
                .get("/v1/dead_letters")
                .then()
                .body("data[0].subject", equalTo(subject))
                .body("data[0].stage", equalTo("parse"))
                .body("data[0].reason", startsWith("There was no progress for"));
    }

    @Test
    void aJobThatCannotBeInterruptedLosesItsPlaceButAsManyAsThereAreWorkersAtMost() {
        var hanging = new AtomicInteger();
        scripted.script(subject, (_, lease) -> {
            lease.enter("parse", LIMIT);
            hanging.incrementAndGet();
            awaitUninterruptibly(end);
        });
        add(subject);
        await().untilAtomic(hanging, equalTo(1));
        add("good " + subject);
        await().until(() -> scripted.runs("good " + subject) == 1);

        // The second attempt hangs as well, and nobody replaces it.
        await().untilAtomic(hanging, equalTo(2));
        add("late " + subject);
        await().until(() -> scripted.isBuried(subject));
        assertThat(scripted.runs("late " + subject)).isZero();

        end.countDown();
        await().until(() -> scripted.runs("late " + subject) == 1);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException ignored) {
                // As a parser that never looks.
            }
        }
    }

    @Test
    void aJobThatCommitsNowAndThenMayTakeAsLongAsItLikes() {
        scripted.script(subject, (_, lease) -> {
            lease.enter("embed", Duration.ofSeconds(2));
            long done = System.nanoTime() + Duration.ofSeconds(4).toNanos();
            await().pollInterval(Duration.ofMillis(200)).until(() -> {
                lease.runInTransaction(_ -> {});
                return System.nanoTime() > done;
            });
        });
        add(subject);

        await().until(() -> scripted.runs(subject) == 1);
        await().until(() -> jobsLeft() == 0);
        assertThat(scripted.runs(subject)).isEqualTo(1);
    }

    private int jobsLeft() {
        return transactions.inTenant(
                tenant.id(), connection -> Sql.first(connection, "SELECT count(*) FROM jobs", row -> row.getInt(1))
                        .orElseThrow());
    }
}

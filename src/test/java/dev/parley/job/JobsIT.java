package dev.parley.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

@QuarkusTest
class JobsIT {

    private static final int MAX_ATTEMPTS = 5;

    @Inject
    Jobs jobs;

    @Inject
    ScriptedJobs scripted;

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private final String subject = UUID.randomUUID().toString();

    private void add(String subject) {
        jobs.add(tenant.id(), ScriptedJobs.KIND, subject);
    }

    private long jobsLeft() {
        return transactions.inTenant(
                tenant.id(), connection -> Sql.first(connection, "SELECT count(*) FROM jobs", row -> row.getLong(1))
                        .orElseThrow());
    }

    @Test
    void aCommittedJobRunsOnceAndIsGone() {
        add(subject);

        await().until(() -> jobsLeft() == 0);
        assertThat(scripted.runs(subject)).isEqualTo(1);
    }

    @Test
    void aRolledBackJobNeverRuns() {
        assertThatThrownBy(() -> transactions.runInTenant(tenant.id(), _ -> {
                    add(subject);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        add("after " + subject);

        await().until(() -> scripted.runs("after " + subject) == 1);
        assertThat(scripted.runs(subject)).isZero();
    }

    @Test
    void aFailedAttemptIsRepeated() {
        scripted.script(subject, (_, _) -> {
            if (scripted.runs(subject) < 3) {
                throw new IllegalStateException("not yet");
            }
        });
        add(subject);

        await().until(() -> jobsLeft() == 0);
        assertThat(scripted.runs(subject)).isEqualTo(3);
        assertThat(scripted.isBuried(subject)).isFalse();
    }

    @Test
    void aJobThatKeepsFailingDiesAndBlocksNoOther() {
        scripted.script(subject, (_, _) -> {
            throw new StackOverflowError("poison");
        });
        add(subject);
        add("healthy " + subject);

        await().until(() -> scripted.runs("healthy " + subject) == 1);
        await().until(() -> scripted.isBuried(subject));
        assertThat(scripted.runs(subject)).isEqualTo(MAX_ATTEMPTS);
        tenant.request()
                .get("/v1/dead_letters")
                .then()
                .body("data", hasSize(1))
                .body("data[0].subject", equalTo(subject))
                .body("data[0].attempts", equalTo(MAX_ATTEMPTS))
                .body("data[0].reason", startsWith("The server had an error"));
    }

    @Test
    void aPermanentFailureDiesAtOnceWithItsStageAndReason() {
        String id = bury();

        assertThat(scripted.runs(subject)).isEqualTo(1);
        tenant.request()
                .get("/v1/dead_letters/" + id)
                .then()
                .statusCode(200)
                .body("stage", equalTo("parse"))
                .body("reason", equalTo("No such luck."))
                .body("kind", equalTo(ScriptedJobs.KIND));
    }

    @Test
    void aRedrivenDeadLetterRunsAgain() {
        String id = bury();
        scripted.script(subject, (_, _) -> {});

        tenant.request().post("/v1/dead_letters/" + id + "/redrive").then().statusCode(200);

        await().until(() -> jobsLeft() == 0);
        assertThat(scripted.isRedriven(subject)).isTrue();
        assertThat(scripted.runs(subject)).isEqualTo(2);
        tenant.request().post("/v1/dead_letters/" + id + "/redrive").then().statusCode(404);
    }

    @Test
    void aDeadLetterIsDeletedByItsTenantOnly() {
        String id = bury();
        var other = TestTenant.create();

        other.request().get("/v1/dead_letters").then().body("data", hasSize(0));
        other.request().get("/v1/dead_letters/" + id).then().statusCode(404);
        other.request().delete("/v1/dead_letters/" + id).then().statusCode(404);
        other.request().post("/v1/dead_letters/" + id + "/redrive").then().statusCode(404);

        tenant.request().delete("/v1/dead_letters/" + id).then().statusCode(200).body("deleted", equalTo(true));
        tenant.request().get("/v1/dead_letters/" + id).then().statusCode(404);
    }

    private String bury() {
        scripted.script(subject, (_, _) -> {
            throw JobFailure.permanent("parse", "No such luck.");
        });
        add(subject);
        await().until(() -> scripted.isBuried(subject));
        return tenant.request().get("/v1/dead_letters").path("data[0].id");
    }

    @Test
    void aLostLeaseCannotCommit() throws Exception {
        var second = new CountDownLatch(1);
        var outcome = new AtomicReference<Throwable>();
        scripted.script(subject, (_, lease) -> {
            if (scripted.runs(subject) > 1) {
                second.countDown();
                return;
            }
            assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
            try {
                lease.runInTransaction(_ -> add("must not exist " + subject));
            } catch (LeaseLost lost) {
                outcome.set(lost);
                throw lost;
            }
        });
        add(subject);

        await().until(() -> {
            expireLease();
            return second.getCount() == 0;
        });
        await().untilAtomic(outcome, org.hamcrest.Matchers.instanceOf(LeaseLost.class));
        await().until(() -> jobsLeft() == 0);
        assertThat(scripted.runs("must not exist " + subject)).isZero();
    }

    private void expireLease() {
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(
                        connection, "UPDATE jobs SET lease_until = now() - interval '1s' WHERE status = 'running'"));
    }

    @Test
    void addingARunningJobAgainTakesItFromItsWorker() {
        var lost = new AtomicReference<Boolean>(false);
        scripted.script(subject, (_, lease) -> {
            if (scripted.runs(subject) == 1) {
                add(subject);
                try {
                    lease.runInTransaction(_ -> {});
                } catch (LeaseLost expected) {
                    lost.set(true);
                    throw expected;
                }
            }
        });
        add(subject);

        await().until(() -> jobsLeft() == 0);
        assertThat(lost.get()).isTrue();
        assertThat(scripted.runs(subject)).isEqualTo(2);
    }

    @Test
    void everyStageOfAJobHasAllAttempts() {
        scripted.script(subject, (_, lease) -> {
            long run = scripted.runs(subject);
            if (run == MAX_ATTEMPTS - 1) {
                lease.runInTransaction(_ -> {});
            }
            if (run < 2 * MAX_ATTEMPTS - 3) {
                throw new IllegalStateException("flaky");
            }
        });
        add(subject);

        await().until(() -> jobsLeft() == 0);
        assertThat(scripted.runs(subject)).isEqualTo(2 * MAX_ATTEMPTS - 3);
        assertThat(scripted.isBuried(subject)).isFalse();
    }

    @Test
    void aJobThatKillsItsWorkerEachTimeDiesToo() {
        transactions.runInTenant(tenant.id(), connection -> {
            add(subject);
            Sql.update(connection, "UPDATE jobs SET attempts = ? WHERE subject = ?", MAX_ATTEMPTS, subject);
        });

        await().until(() -> scripted.isBuried(subject));
        assertThat(scripted.runs(subject)).isZero();
        tenant.request().get("/v1/dead_letters").then().body("data[0].reason", startsWith("The worker stopped"));
    }
}

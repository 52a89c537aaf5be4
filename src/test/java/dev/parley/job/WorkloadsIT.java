package dev.parley.job;

import static org.awaitility.Awaitility.await;

import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Each workload has workers of its own.
@QuarkusTest
class WorkloadsIT {

    private final Jobs jobs;
    private final ScriptedJobs computing;
    private final WaitingJobs waiting;
    private final int workers;
    private final TestTenant tenant = TestTenant.create();
    private final String subject = UUID.randomUUID().toString();
    private final CountDownLatch end = new CountDownLatch(1);

    WorkloadsIT(
            Jobs jobs,
            ScriptedJobs computing,
            WaitingJobs waiting,
            @ConfigProperty(name = "parley.job.workers") int workers) {
        this.jobs = jobs;
        this.computing = computing;
        this.waiting = waiting;
        this.workers = workers;
    }

    @AfterEach
    void letGo() {
        end.countDown();
    }

    @Test
    void jobsThatComputeHoldUpNoneThatWait() {
        int more = 2 * workers;
        for (int i = 0; i < more; i++) {
            computing.script(subject + i, (_, _) -> end.await());
            jobs.add(tenant.id(), ScriptedJobs.KIND, subject + i);
        }
        await().until(() -> running(more) == workers);

        jobs.add(tenant.id(), WaitingJobs.KIND, subject);

        await().until(() -> waiting.isDone(subject));
        end.countDown();
        await().until(() -> running(more) == more);
    }

    private long running(int of) {
        long begun = 0;
        for (int i = 0; i < of; i++) {
            begun += computing.runs(subject + i);
        }
        return begun;
    }
}

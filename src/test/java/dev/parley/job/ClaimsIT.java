package dev.parley.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.TenantId;
import dev.parley.testing.Api;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Claims jobs of a kind that no worker of the application does.
@QuarkusTest
class ClaimsIT {

    @Inject
    Jobs jobs;

    @Inject
    JobQueue queue;

    private final String kind = "test.claims." + UUID.randomUUID();
    private final TestTenant tenant = TestTenant.create();

    private void add(TenantId tenant, int count) {
        for (int i = 0; i < count; i++) {
            jobs.add(tenant, kind, "job " + i);
        }
    }

    private List<Job> claim(int batch) {
        return queue.claim(List.of(kind), batch).stream().map(Lease::job).toList();
    }

    @Test
    void racingWorkersNeverClaimOneJobTwice() throws Exception {
        add(tenant.id(), 100);

        var claimed = new ArrayList<UUID>();
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<List<UUID>> worker = this::claimAll;
            for (Future<List<UUID>> each : workers.invokeAll(List.of(worker, worker, worker, worker))) {
                claimed.addAll(each.get());
            }
        }

        assertThat(claimed).hasSize(100).doesNotHaveDuplicates();
    }

    private List<UUID> claimAll() {
        var mine = new ArrayList<UUID>();
        for (List<Job> some = claim(3); !some.isEmpty(); some = claim(3)) {
            some.forEach(job -> mine.add(job.id()));
        }
        return mine;
    }

    @Test
    void aTenantWithManyJobsDoesNotHoldUpAnother() {
        var other = TestTenant.create();
        add(tenant.id(), 50);
        add(other.id(), 1);

        assertThat(claim(2)).extracting(Job::tenant).containsExactlyInAnyOrder(tenant.id(), other.id());
    }

    @Test
    void aTenantsJobsAreTakenInTheOrderTheyCame() {
        add(tenant.id(), 3);

        assertThat(claim(3)).extracting(Job::subject).containsExactlyInAnyOrder("job 0", "job 1", "job 2");
        add(tenant.id(), 3);
        assertThat(claim(1)).extracting(Job::subject).containsExactly("job 0");
    }

    @Test
    void queueingTwiceIsOneJob() {
        add(tenant.id(), 1);
        add(tenant.id(), 1);

        assertThat(claim(10)).hasSize(1);
    }

    @Test
    void jobsOfASuspendedTenantWait() {
        add(tenant.id(), 1);

        Api.asDeveloper().post("/v1/tenants/" + tenant.id() + "/suspend").then().statusCode(200);
        assertThat(claim(1)).isEmpty();

        Api.asDeveloper().post("/v1/tenants/" + tenant.id() + "/resume").then().statusCode(200);
        assertThat(claim(1)).hasSize(1);
    }

    @Test
    void aReleasedJobIsClaimedAgainWithItsAttemptGivenBack() {
        add(tenant.id(), 1);
        queue.claim(List.of(kind), 1).forEach(queue::release);

        assertThat(claim(1)).extracting(Job::attempt).containsExactly(1);
    }
}

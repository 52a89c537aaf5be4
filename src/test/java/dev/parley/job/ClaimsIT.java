package dev.parley.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.invocation.Deadline;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
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

    @Inject
    Transactions transactions;

    private final String kind = "test.claims." + UUID.randomUUID();
    private final TestTenant tenant = TestTenant.create();

    private void add(TenantId tenant, int count) {
        for (int i = 0; i < count; i++) {
            jobs.add(tenant, kind, "job " + i);
        }
    }

    private List<Job> claim(int batch) {
        return queue.claim(List.of(kind), batch, Deadline.NONE).stream()
                .map(Lease::job)
                .toList();
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

        change("suspend");
        assertThat(claim(1)).isEmpty();

        change("resume");
        assertThat(claim(1)).hasSize(1);
    }

    @Test
    void jobsThatASuspendedTenantGetsOrGetsBackWaitAsWell() {
        add(tenant.id(), 1);
        List<Lease> running = queue.claim(List.of(kind), 1, Deadline.NONE);

        change("suspend");
        running.forEach(queue::release);
        jobs.add(tenant.id(), kind, "late");
        assertThat(claim(2)).isEmpty();

        change("resume");
        assertThat(claim(2)).hasSize(2);
    }

    @Test
    void aClaimReadsNoJobOfASuspendedTenant() {
        add(tenant.id(), 50);
        assertThat(claimable()).isEqualTo(50);

        change("suspend");

        assertThat(claimable()).isZero();
    }

    /// As many of the tenant's jobs as the index holds that claims read.
    private int claimable() {
        return transactions.inTenant(tenant.id(), connection -> Sql.first(
                        connection,
                        "SELECT count(*) FROM jobs WHERE status = 'ready' AND NOT suspended",
                        row -> row.getInt(1))
                .orElseThrow());
    }

    @Test
    void noJobThatIsAddedWhileItsTenantIsSuspendedAndResumedIsForgotten() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<?> adding = () -> {
                add(tenant.id(), 40);
                return null;
            };
            Future<?> added = threads.submit(adding);
            for (int i = 0; i < 5; i++) {
                change("suspend");
                change("resume");
            }
            added.get();
        }

        assertThat(claimAll()).hasSize(40);
    }

    private void change(String action) {
        Api.asDeveloper()
                .post("/v1/tenants/" + tenant.id() + "/" + action)
                .then()
                .statusCode(200);
    }

    @Test
    void aReleasedJobIsClaimedAgainWithItsAttemptGivenBack() {
        add(tenant.id(), 1);
        queue.claim(List.of(kind), 1, Deadline.NONE).forEach(queue::release);

        assertThat(claim(1)).extracting(Job::attempt).containsExactly(1);
    }
}

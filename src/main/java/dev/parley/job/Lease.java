package dev.parley.job;

import dev.parley.invocation.Deadline;
import dev.parley.postgres.Transactions;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The right to do a job, for as long as its worker lives. It is renewed in the background, and every commit is
/// fenced by it: of two workers that both believe they hold a job, one can write.
public final class Lease {

    private final Job job;
    private final UUID token;
    private final JobQueue queue;
    private final Transactions transactions;
    private final Deadline deadline;
    private volatile @Nullable Stage stage;
    private volatile boolean progressed;

    Lease(Job job, UUID token, Claims claims) {
        this.job = job;
        this.token = token;
        this.queue = claims.queue();
        this.transactions = claims.transactions();
        this.deadline = claims.deadline();
    }

    /// By when the job must have ended or be handed back: the invocation's that it runs in.
    public Deadline deadline() {
        return deadline;
    }

    /// Says at what stage the job is, and how long it may go on without a commit or a next stage. After that the
    /// attempt is given up: it has failed at this stage, and its thread is interrupted. A job that says nothing may
    /// take for ever.
    public void enter(String name, Duration limit) {
        stage = new Stage(name, limit, System.nanoTime());
    }

    /// What a job that commits nothing any more has failed with; null for one that is within its time.
    @Nullable
    JobFailure stalled() {
        Stage now = stage;
        return now == null || System.nanoTime() - now.since() < now.limit().toNanos()
                ? null
                : JobFailure.stalled(now.name(), now.limit());
    }

    /// What the leases of one claim share.
    record Claims(JobQueue queue, Transactions transactions, Deadline deadline) {}

    private record Stage(String name, Duration limit, long since) {}

    /// Runs the work in one transaction of the job's tenant, if the job is still ours.
    ///
    /// The commit is progress, so the count of attempts starts again: a handler with stages has all attempts for
    /// each. What one run has committed the next one must not commit again, or a job that cannot end never dies.
    ///
    /// @throws LeaseLost when it is not; let it pass, there is nothing left to do
    public <T> T inTransaction(Transactions.Work<T> work) {
        T result = transactions.inTenant(job.tenant(), connection -> {
            queue.progress(connection, this);
            return work.run(connection);
        });
        progressed = true;
        Stage now = stage;
        if (now != null) {
            enter(now.name(), now.limit());
        }
        return result;
    }

    /// [#inTransaction] without a result.
    public void runInTransaction(Transactions.Action action) {
        inTransaction(connection -> {
            action.run(connection);
            return true;
        });
    }

    /// Whether a part of the job was committed under this lease.
    boolean hasProgressed() {
        return progressed;
    }

    Job job() {
        return job;
    }

    UUID token() {
        return token;
    }
}

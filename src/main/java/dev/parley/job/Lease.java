package dev.parley.job;

import dev.parley.postgres.Transactions;
import java.util.UUID;

/// The right to do a job, for as long as its worker lives. It is renewed in the background, and every commit is
/// fenced by it: of two workers that both believe they hold a job, one can write.
public final class Lease {

    private final Job job;
    private final UUID token;
    private final JobQueue queue;
    private final Transactions transactions;

    Lease(Job job, UUID token, JobQueue queue, Transactions transactions) {
        this.job = job;
        this.token = token;
        this.queue = queue;
        this.transactions = transactions;
    }

    /// Runs the work in one transaction of the job's tenant, if the job is still ours.
    ///
    /// The commit is progress, so the count of attempts starts again: a handler with stages has all attempts for
    /// each. What one run has committed the next one must not commit again, or a job that cannot end never dies.
    ///
    /// @throws LeaseLost when it is not; let it pass, there is nothing left to do
    public <T> T inTransaction(Transactions.Work<T> work) {
        return transactions.inTenant(job.tenant(), connection -> {
            queue.progress(connection, this);
            return work.run(connection);
        });
    }

    /// [#inTransaction] without a result.
    public void runInTransaction(Transactions.Action action) {
        inTransaction(connection -> {
            action.run(connection);
            return true;
        });
    }

    Job job() {
        return job;
    }

    UUID token() {
        return token;
    }
}

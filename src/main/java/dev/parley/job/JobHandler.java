package dev.parley.job;

/// Does the jobs of one kind. Implement it as a bean, and workers find it.
public interface JobHandler {

    /// The kind of job this does, for good: it is stored with every job.
    String kind();

    /// What the work is like.
    default Workload workload() {
        return Workload.COMPUTING;
    }

    /// Does the job, or what is left of it: a job runs again when its worker died. Returning ends the job; any
    /// exception is a failed attempt, which is repeated unless it is a permanent [JobFailure].
    ///
    /// Everything is written through the lease. Runs on a thread of its own, which its workload chooses.
    void run(Job job, Lease lease);

    /// The job became a dead letter. Runs in that transaction, so that the feature's rows say so from the same moment.
    default void buried(Job job, JobFailure failure) {}

    /// A person sent the dead letter round again. Runs in that transaction.
    default void redriven(Job job) {}
}

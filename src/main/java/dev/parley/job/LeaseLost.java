package dev.parley.job;

/// The job is someone else's by now: the lease ran out, or the job was added anew. Whatever was being written is
/// rolled back.
public final class LeaseLost extends RuntimeException {

    LeaseLost(Job job) {
        super("The lease on " + job + " is lost");
    }
}

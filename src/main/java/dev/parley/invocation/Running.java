package dev.parley.invocation;

/// Work under a [Deadline], until it is closed.
public final class Running implements AutoCloseable {

    private final Deadline deadline;
    private final Runnable onTimeUp;
    private volatile boolean told;

    Running(Deadline deadline, Runnable onTimeUp) {
        this.deadline = deadline;
        this.onTimeUp = onTimeUp;
    }

    boolean isUntold() {
        return !told;
    }

    void timeIsUp() {
        told = true;
        onTimeUp.run();
    }

    /// The work has ended. Idempotent.
    @Override
    public void close() {
        deadline.end(this);
    }
}

package dev.parley.usage;

import dev.parley.invocation.Deadline;
import dev.parley.invocation.Running;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The right to work on a turn, renewed until it is closed.
public final class Lease implements AutoCloseable {

    private final Ticket ticket;
    private final Map<UUID, Lease> running;
    private final Interruptible work;
    private final Deadline deadline;
    private final Running invocation;
    private final long start = System.nanoTime();
    private volatile boolean cancelled;
    private volatile boolean lost;
    private volatile boolean stopped;
    private volatile boolean late;

    /// @param deadline of the invocation that the turn belongs to: that waits for the end of the lease
    Lease(Ticket ticket, Map<UUID, Lease> running, Interruptible work, Deadline deadline) {
        this.ticket = ticket;
        this.running = running;
        this.work = work;
        this.deadline = deadline;
        this.invocation = deadline.begin(this::runOutOfTime);
    }

    public Ticket ticket() {
        return ticket;
    }

    /// Whether the turn should stop where it is: it was cancelled, or is somebody else's by now.
    public boolean isOver() {
        return cancelled || lost || stopped || late;
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /// Stops the turn where it is: a provider that it waits for is not waited for any longer.
    public void cancel() {
        cancelled = true;
        work.end();
    }

    /// Whether this process had to end it.
    public boolean isStopped() {
        return stopped;
    }

    void stop() {
        stopped = true;
        work.end();
    }

    /// Whether the time of its invocation is up, which is the only reason to stop.
    public boolean isOutOfTime() {
        return late && !cancelled && !lost && !stopped;
    }

    private void runOutOfTime() {
        late = true;
        work.end();
    }

    Deadline deadline() {
        return deadline;
    }

    void lose() {
        lost = true;
        work.end();
    }

    /// What waits for providers on behalf of the turn.
    Interruptible work() {
        return work;
    }

    boolean isOlderThan(Duration age) {
        return System.nanoTime() - start > age.toNanos();
    }

    /// @param cancelRequested null when the turn is no longer ours
    void renewed(@Nullable Boolean cancelRequested) {
        if (cancelRequested == null) {
            lose();
        } else if (cancelRequested) {
            cancel();
        }
    }

    @Override
    public void close() {
        running.remove(ticket.turn(), this);
        invocation.close();
    }
}

package dev.parley.usage;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The right to work on a turn, renewed until it is closed.
public final class Lease implements AutoCloseable {

    private final Ticket ticket;
    private final Map<UUID, Lease> running;
    private final long start = System.nanoTime();
    private volatile boolean cancelled;
    private volatile boolean lost;

    Lease(Ticket ticket, Map<UUID, Lease> running) {
        this.ticket = ticket;
        this.running = running;
    }

    public Ticket ticket() {
        return ticket;
    }

    /// Whether the turn should stop where it is: it was cancelled, or is somebody else's by now.
    public boolean isOver() {
        return cancelled || lost;
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /// Stops the turn where it is.
    public void cancel() {
        cancelled = true;
    }

    boolean isOlderThan(Duration age) {
        return System.nanoTime() - start > age.toNanos();
    }

    /// @param cancelRequested null when the turn is no longer ours
    void renewed(@Nullable Boolean cancelRequested) {
        if (cancelRequested == null) {
            lost = true;
        } else if (cancelRequested) {
            cancelled = true;
        }
    }

    @Override
    public void close() {
        running.remove(ticket.turn(), this);
    }
}

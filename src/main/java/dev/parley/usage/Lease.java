package dev.parley.usage;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The right to work on a turn, renewed until it is closed.
public final class Lease implements AutoCloseable {

    private final Ticket ticket;
    private final Map<UUID, Lease> running;
    private final long start = System.nanoTime();
    private volatile boolean cancelled;
    private volatile boolean lost;
    private volatile boolean stopped;
    private @Nullable Thread waiting;

    Lease(Ticket ticket, Map<UUID, Lease> running) {
        this.ticket = ticket;
        this.running = running;
    }

    public Ticket ticket() {
        return ticket;
    }

    /// Whether the turn should stop where it is: it was cancelled, or is somebody else's by now.
    public boolean isOver() {
        return cancelled || lost || stopped;
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /// Stops the turn where it is.
    public void cancel() {
        cancelled = true;
    }

    /// Whether this process had to end it.
    public boolean isStopped() {
        return stopped;
    }

    /// Does what may wait for long, and is interrupted when the turn is stopped.
    public <T> T interruptibly(Supplier<T> work) {
        setWaiting(Thread.currentThread());
        try {
            return work.get();
        } finally {
            setWaiting(null);
            if (stopped) {
                Thread.interrupted(); // what is left to do is to settle, which must not be interrupted
            }
        }
    }

    private synchronized void setWaiting(@Nullable Thread thread) {
        waiting = thread;
        if (stopped && thread != null) {
            thread.interrupt();
        }
    }

    synchronized void stop() {
        stopped = true;
        if (waiting != null) {
            waiting.interrupt();
        }
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

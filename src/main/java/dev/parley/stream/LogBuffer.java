package dev.parley.stream;

import dev.parley.stream.Delivery.Event;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A turn's events between the thread that emits them and the one that flushes them.
///
/// An event leaves when its flush is acknowledged, not before: whatever was lost on the way, a flush, its answer or
/// the settlement, the next attempt begins with the same event. The last one is not flushed at all: it becomes
/// readable with the turn's settlement.
final class LogBuffer {

    private static final int FLUSH_EVENTS = 32;
    private static final long FLUSH_NANOS = Duration.ofMillis(50).toNanos();
    private static final int LARGEST_FLUSH = 256;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Deque<Event> waiting = new ArrayDeque<>();
    private final SequenceLease lease;
    private final Bounds bounds;
    private @Nullable Event last;
    private long next;
    private long characters;
    private long oldest;
    private boolean logging = true;
    private boolean over;

    /// How much may wait.
    record Bounds(int events, int characters) {}

    LogBuffer(SequenceLease lease, Bounds bounds) {
        this.lease = lease;
        this.bounds = bounds;
    }

    /// Waits until this turn may use the number, and returns whether it may.
    synchronized boolean awaitLease(long sequence, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!lease.covers(sequence) && !over && System.nanoTime() < deadline) {
            waitFor(deadline - System.nanoTime());
        }
        return lease.covers(sequence);
    }

    /// Returns false when it was too much, and the log ends before this event.
    synchronized boolean add(Event event) {
        next = event.sequence() + 1;
        if (event.last()) {
            last = event;
        } else if (logging) {
            append(event);
        }
        if (waiting.size() == 1 || isDueNow()) {
            notifyAll();
        }
        return logging;
    }

    private void append(Event event) {
        if (waiting.isEmpty()) {
            oldest = System.nanoTime();
        }
        waiting.add(event);
        characters += event.frame().length();
        if (waiting.size() > bounds.events || characters > bounds.characters) {
            giveUp();
        }
    }

    /// Waits until a flush is due; null when there will be no more.
    synchronized @Nullable Flush awaitDue() throws InterruptedException {
        while (!over) {
            if (isDueNow()) {
                return flush();
            }
            waitFor(waiting.isEmpty() ? Long.MAX_VALUE : oldest + FLUSH_NANOS - System.nanoTime());
        }
        return null;
    }

    private boolean isDueNow() {
        return lease.wanted(next) > 0
                || waiting.size() >= FLUSH_EVENTS
                || !waiting.isEmpty() && System.nanoTime() - oldest >= FLUSH_NANOS;
    }

    private Flush flush() {
        List<Event> events = waiting.stream().limit(LARGEST_FLUSH).toList();
        return new Flush(events.isEmpty() ? next : events.getFirst().sequence(), events, lease.wanted(next));
    }

    synchronized void flushed(Flush flush) {
        lease.extendTo(flush.lease());
        while (!waiting.isEmpty() && waiting.getFirst().sequence() < flush.next()) {
            characters -= waiting.removeFirst().frame().length();
        }
        oldest = System.nanoTime();
        notifyAll();
    }

    /// Waits before another attempt, not longer than until the turn ends.
    synchronized void pause(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        while (!over && System.nanoTime() < deadline) {
            waitFor(deadline - System.nanoTime());
        }
    }

    /// From now on only the last event is kept.
    synchronized void giveUp() {
        logging = false;
        waiting.clear();
        characters = 0;
    }

    /// No more flushes and leases. Returns what is not known to be in the log.
    synchronized List<Event> end() {
        over = true;
        notifyAll();
        var rest = new ArrayList<>(waiting);
        if (last != null) {
            rest.add(last);
        }
        return rest;
    }

    private void waitFor(long nanos) throws InterruptedException {
        wait(Math.max(1, nanos / NANOS_PER_MILLI));
    }
}

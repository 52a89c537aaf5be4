package dev.parley.stream;

import dev.parley.problem.Problem;
import dev.parley.stream.Delivery.Event;
import dev.parley.stream.Delivery.Notice;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Events on their way from a running turn to one client in the same process. The turn never waits here: what a slow
/// client leaves lying too long is the log's to tell, or nobody's where there is no log.
final class LiveQueue {

    /// Events a client may be behind.
    static final int CAPACITY = 256;

    private final int characterCapacity;
    private final Deque<Event> events = new ArrayDeque<>();
    private long next;
    private long characters;
    private @Nullable Notice lastWords;
    private @Nullable Problem failure;
    private boolean open = true;

    /// @param next the number of the first event that will come
    LiveQueue(long next, int characterCapacity) {
        this.next = next;
        this.characterCapacity = characterCapacity;
    }

    /// Returns false when it was too much, and the queue takes no more.
    synchronized boolean offer(Event event, boolean detachable) {
        boolean full =
                characters + event.frame().length() > characterCapacity || detachable && events.size() >= CAPACITY;
        if (open && !full) {
            add(event);
        }
        open = open && !full;
        notifyAll();
        return open;
    }

    /// The last event is taken however much is waiting.
    synchronized void offerLast(Event event) {
        if (open) {
            add(event);
        }
        close();
    }

    private void add(Event event) {
        events.add(event);
        characters += event.frame().length();
        next = event.sequence() + 1;
    }

    /// Nothing more comes this way.
    synchronized void close() {
        open = false;
        notifyAll();
    }

    synchronized void closeWith(Notice notice) {
        lastWords = open ? notice : lastWords;
        close();
    }

    synchronized void closeWith(Problem problem) {
        failure = open ? problem : failure;
        close();
    }

    /// Forgets events up to this one and returns the number of the first that is here or will be.
    synchronized long firstAfter(long sequence) {
        while (!events.isEmpty() && events.getFirst().sequence() <= sequence) {
            poll();
        }
        if (!events.isEmpty()) {
            return events.getFirst().sequence();
        }
        return open || lastWords != null || failure != null ? next : Long.MAX_VALUE;
    }

    /// What comes next here; null when nothing came in time, or nothing will come.
    ///
    /// @throws Problem when the turn failed with it
    synchronized @Nullable Delivery take(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (events.isEmpty() && open && System.nanoTime() < deadline) {
            wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        }
        if (!events.isEmpty()) {
            return poll();
        }
        if (failure != null) {
            throw failure;
        }
        Notice words = lastWords;
        lastWords = null;
        return words;
    }

    synchronized boolean isReady() {
        return !events.isEmpty();
    }

    private Event poll() {
        Event event = events.removeFirst();
        characters -= event.frame().length();
        return event;
    }
}

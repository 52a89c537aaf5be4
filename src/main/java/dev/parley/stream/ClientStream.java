package dev.parley.stream;

import dev.parley.stream.Delivery.End;
import dev.parley.stream.Delivery.Event;
import dev.parley.stream.Delivery.Lost;
import dev.parley.stream.Delivery.Notice;
import dev.parley.stream.Delivery.Silence;
import dev.parley.stream.Delivery.Unfinished;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One client's way through a turn's events: live as long as it keeps pace with a turn of this process, by the log
/// before and after that. Every event once and in order, from whichever of the two has it.
///
/// For one reading thread; [#abandon] may be called by any.
public final class ClientStream {

    private static final Duration GLANCE = Duration.ofMillis(500);

    private final @Nullable LiveQueue live;
    private final @Nullable Follower log;
    private final Deque<Event> known = new ArrayDeque<>();
    private @Nullable Delivery ahead;
    private long handed;
    private boolean ended;
    private volatile boolean abandoned;

    /// @param live null for a turn that does not run here
    /// @param log null for a turn that has none
    /// @param after the last event the client has; -1 for none
    ClientStream(@Nullable LiveQueue live, @Nullable Follower log, long after) {
        this.live = live;
        this.log = log;
        this.handed = after;
    }

    /// Begins with events that are known before their turn has begun: it will emit the same.
    ///
    /// @param frames of the events after the one that the client has, in order
    public ClientStream beginWith(List<String> frames) {
        for (String frame : frames) {
            known.add(new Event(handed + 1 + known.size(), frame, false));
        }
        return this;
    }

    /// Waits for something to be there, the end included, and returns whether it is.
    ///
    /// @throws dev.parley.problem.Problem with which the turn failed before it had said anything
    public boolean await(Duration patience) throws InterruptedException {
        if (ahead == null || ahead instanceof Silence) {
            ahead = read(patience);
        }
        return !(ahead instanceof Silence);
    }

    /// What comes next; [Silence] when nothing came in time, [End] after the end.
    ///
    /// @throws dev.parley.problem.Problem (503) when the log could not be read for too long; the client may resume
    public Delivery next(Duration patience) throws InterruptedException {
        Delivery next = ahead == null ? read(patience) : ahead;
        ahead = null;
        return next;
    }

    /// Whether the next one is here already.
    boolean isReady() {
        return !known.isEmpty()
                || live != null && live.firstAfter(handed) == handed + 1 && live.isReady()
                || log != null && log.isReady(handed);
    }

    /// The client is gone: nobody reads on, and the turn does not care.
    public void abandon() {
        abandoned = true;
        if (live != null) {
            live.close();
        }
    }

    private Delivery read(Duration patience) throws InterruptedException {
        if (!known.isEmpty() && !abandoned) {
            return handOut(known.remove());
        }
        long deadline = System.nanoTime() + patience.toNanos();
        Delivery next = new Silence();
        while (!ended && !abandoned && next instanceof Silence) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            next = glance(left.compareTo(GLANCE) < 0 ? left : GLANCE);
            if (next instanceof Silence && left.isZero()) {
                return next;
            }
        }
        return ended || abandoned ? new End() : handOut(next);
    }

    private Delivery glance(Duration patience) throws InterruptedException {
        if (live != null && live.firstAfter(handed) <= handed + 1) {
            Delivery next = live.take(patience);
            return next == null ? new Silence() : next;
        }
        return log == null ? new End() : log.next(handed, patience);
    }

    private Delivery handOut(Delivery next) {
        switch (next) {
            case Event event -> {
                handed = event.sequence();
                ended = event.last();
            }
            case Lost lost -> handed = lost.next() - 1;
            case Notice _, Unfinished _, End _ -> ended = true;
            case Silence _ -> {}
        }
        return next;
    }
}

package dev.parley.invocation;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// By when everything that an invocation began must have ended: after that its process is frozen or killed.
public final class Deadline {

    /// The code of what ended for it, in errors, warnings and reasons.
    public static final String REACHED = "deadline_reached";

    /// What work needs to end once it is told to: last events, a settlement.
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private static final int LAST_SHARE = 4;

    /// That of work in a process that nobody freezes.
    public static final Deadline NONE = new Deadline(Duration.ofNanos(Long.MAX_VALUE));

    private final long frozen;
    private final long timeIsUp;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Running> running = new HashSet<>();
    private @Nullable Thread watch;

    private Deadline(Duration left) {
        Duration share = left.dividedBy(LAST_SHARE);
        Duration lastWords = share.compareTo(LAST_WORDS) < 0 ? share : LAST_WORDS;
        this.frozen = System.nanoTime() + left.toNanos(); // that of NONE is never asked
        this.timeIsUp = frozen - lastWords.toNanos();
    }

    /// Work is told to end some seconds before.
    ///
    /// @param left until the process is frozen or killed
    public static Deadline in(Duration left) {
        return new Deadline(left);
    }

    /// Begins work that the invocation waits for.
    ///
    /// @param onTimeUp ends it where it is; called at most once, on another thread, and hardly after the end
    /// of the work, which it must take. It must not block for long, and not throw
    public Running begin(Runnable onTimeUp) {
        var work = new Running(this, onTimeUp);
        if (this != NONE) {
            add(work);
        }
        return work;
    }

    /// What is left for work; zero when time is up. Very long where there is no deadline.
    public Duration left() {
        return until(timeIsUp);
    }

    /// For how long to begin further pieces of work, when as long as this is wished: half of what is left is for those
    /// under way.
    public Duration forBeginning(Duration wish) {
        Duration half = left().dividedBy(2);
        return half.compareTo(wish) < 0 ? half : wish;
    }

    /// What is left in all, for work and its last words.
    public Duration leftInAll() {
        return until(frozen);
    }

    private Duration until(long moment) {
        return this == NONE
                ? Duration.ofNanos(Long.MAX_VALUE)
                : Duration.ofNanos(Math.max(0, moment - System.nanoTime()));
    }

    /// Waits until nothing runs under it.
    ///
    /// @return false when something still does
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!running.isEmpty() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return running.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void add(Running work) {
        lock.lock();
        try {
            running.add(work);
            changed.signalAll();
            if (watch == null) {
                watch = Thread.ofVirtual().name("invocation-deadline").start(this::watch);
            }
        } finally {
            lock.unlock();
        }
    }

    void end(Running work) {
        if (this == NONE) {
            return;
        }
        lock.lock();
        try {
            running.remove(work);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Lives as long as there is work, and tells all of it once time is up, that too which begins later.
    private void watch() {
        try {
            for (List<Running> late = awaitLate(); !late.isEmpty(); late = awaitLate()) {
                late.forEach(Running::timeIsUp);
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    /// What runs and was not told yet, once time is up; nothing when nothing runs any more.
    private List<Running> awaitLate() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (running.isEmpty()) {
                    watch = null;
                    return List.of();
                }
                long left = left().toNanos();
                List<Running> late = running.stream().filter(Running::isUntold).toList();
                if (left == 0 && !late.isEmpty()) {
                    return late;
                }
                if (left == 0) {
                    changed.await();
                } else {
                    changed.await(left, TimeUnit.NANOSECONDS);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}

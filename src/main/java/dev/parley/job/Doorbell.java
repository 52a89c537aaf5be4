package dev.parley.job;

import dev.parley.invocation.BeforeFreeze;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/// Rings for workers that a queue wakes: one message for each job that was added, after its commit.
///
/// A ring names a workload and no job: whoever hears it does the job whose turn it is, so the queue's order is
/// Postgres' and stays fair between tenants. A ring too many finds nothing to do; one that is lost, or not sent from
/// here before the process ends, is made up for by [LostRings].
@ApplicationScoped
class Doorbell implements BeforeFreeze {

    private static final Logger LOG = Logger.getLogger(Doorbell.class);

    /// Far above what a process adds between two sends; what is beyond is rung for later.
    private static final int MOST_WAITING = 10_000;

    private final RingQueues queues;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition allSent = lock.newCondition();
    private final Deque<Ring> waiting = new ArrayDeque<>();
    private boolean sending;

    Doorbell(RingQueues queues) {
        this.queues = queues;
    }

    /// Does not wait for the queue, and does nothing where none is configured.
    void ring(Ring ring) {
        if (!queues.has(ring.workload())) {
            return;
        }
        lock.lock();
        try {
            if (waiting.size() < MOST_WAITING) {
                waiting.add(ring);
            }
            if (!sending) {
                sending = true;
                Thread.ofVirtual().name("doorbell").start(this::send);
            }
        } finally {
            lock.unlock();
        }
    }

    private void send() {
        for (List<Ring> some = next(); !some.isEmpty(); some = next()) {
            try {
                queues.send(some);
            } catch (RuntimeException | Error unheard) {
                LOG.warnf("%d rings for workers are lost for now: %s", some.size(), unheard.getMessage());
            }
        }
    }

    /// Some for one queue; none, and an end of the sending, when nothing waits.
    private List<Ring> next() {
        lock.lock();
        try {
            var some = new ArrayList<Ring>();
            while (!waiting.isEmpty()
                    && some.size() < RingQueues.BATCH
                    && (some.isEmpty()
                            || some.getFirst().workload() == waiting.peek().workload())) {
                some.add(waiting.remove());
            }
            if (some.isEmpty()) {
                sending = false;
                allSent.signalAll();
            }
            return some;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void flush(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (sending && nanos > 0) {
                nanos = allSent.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }
}

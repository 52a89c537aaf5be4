package dev.parley.job;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/// The workers for one workload, and the jobs they are at.
final class Crew {

    private static final Logger LOG = Logger.getLogger(Crew.class);

    private final Workload workload;
    private final Dispatcher dispatcher;
    private final Attempts attempts;
    private final Places places;
    private final int size;
    private final Map<Lease, Thread> running = new ConcurrentHashMap<>();
    private final Set<Lease> givenUp = ConcurrentHashMap.newKeySet();

    /// @param size how many jobs run at once
    Crew(Workload workload, int size, Dispatcher dispatcher, Attempts attempts) {
        this.workload = workload;
        this.size = size;
        this.dispatcher = dispatcher;
        this.attempts = attempts;
        this.places = new Places(size);
    }

    void start() {
        dispatcher.start(size, this::launch);
    }

    /// Takes no more jobs.
    void pause() throws InterruptedException {
        dispatcher.stop();
    }

    /// Waits for the jobs under way.
    void await(long deadline) throws InterruptedException {
        for (Thread worker : running.values()) {
            worker.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
    }

    Set<Lease> running() {
        return running.keySet();
    }

    private void launch(Lease lease) {
        try {
            places.take(lease);
            Thread worker = workload.thread().name("job-" + lease.job().id()).unstarted(() -> work(lease));
            running.put(lease, worker);
            worker.start();
        } catch (RuntimeException | Error failure) {
            // Where the system has no thread to give, the job waits for the end of its lease.
            LOG.errorf(failure, "%s could not be started", lease.job());
            ended(lease);
        }
    }

    private void work(Lease lease) {
        try {
            attempts.make(lease);
        } finally {
            ended(lease);
        }
    }

    private void ended(Lease lease) {
        running.remove(lease);
        if (places.leave(lease)) {
            dispatcher.freeOne();
        }
    }

    /// Gives up the jobs that hang. Elsewhere, as that waits where a job hangs in a transaction.
    void giveUpStalled() {
        running.forEach((lease, worker) -> {
            JobFailure stalled = lease.stalled();
            if (stalled != null && givenUp.add(lease)) {
                Thread.ofVirtual().name("job-give-up").start(() -> giveUp(lease, worker, stalled));
            }
        });
    }

    /// Settled before the interrupt, or the worker would be faster to report that as the failure.
    private void giveUp(Lease lease, Thread worker, JobFailure stalled) {
        if (attempts.giveUp(lease, stalled)) {
            running.remove(lease);
            if (places.replace(lease)) {
                dispatcher.freeOne();
            }
            worker.interrupt();
        }
        givenUp.remove(lease);
    }
}

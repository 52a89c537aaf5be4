package dev.parley.job;

import dev.parley.invocation.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Claims jobs of some kinds for the workers that are free: one query for all of them. No claim is made while none
/// is free, so a process never holds more than it works on.
final class Dispatcher {

    private static final Logger LOG = Logger.getLogger(Dispatcher.class);

    private final Set<String> kinds;
    private final JobConfig config;
    private final JobQueue queue;
    private final Bell bell;
    private final Bell.Listener rung;
    private final Semaphore free = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    Dispatcher(Set<String> kinds, JobConfig config, JobQueue queue, Bell bell) {
        this.kinds = kinds;
        this.config = config;
        this.queue = queue;
        this.bell = bell;
        this.rung = bell.listener();
    }

    void start(int workers, Consumer<Lease> launch) {
        free.release(workers);
        thread = Thread.ofVirtual().name("job-dispatcher").start(() -> dispatch(launch));
    }

    /// A worker has ended its job.
    void freeOne() {
        free.release();
    }

    /// Returns once no more jobs are claimed. A claim under way is awaited rather than broken off: its jobs would be
    /// nobody's until their leases end.
    void stop() throws InterruptedException {
        stopping = true;
        bell.ringHere();
        free.release();
        if (thread != null) {
            thread.join();
        }
    }

    private void dispatch(Consumer<Lease> launch) {
        Duration pause = config.shortestPoll();
        try {
            while (awaitFreeWorker()) {
                int slots = 1 + free.drainPermits();
                List<Lease> claimed = claim(slots);
                claimed.forEach(launch);
                free.release(slots - claimed.size());
                if (claimed.size() < slots) {
                    pause = claimed.isEmpty() ? longer(pause) : config.shortestPoll();
                    rung.await(pause);
                }
            }
        } catch (InterruptedException stopped) {
            LOG.debug("No more jobs to claim");
        }
    }

    private boolean awaitFreeWorker() throws InterruptedException {
        free.acquire();
        return !stopping;
    }

    private List<Lease> claim(int slots) {
        try {
            return queue.claim(kinds, slots, Deadline.NONE);
        } catch (RuntimeException | Error failure) {
            // Errors too: without this loop the process would claim nothing any more, and look healthy.
            LOG.warn("No jobs could be claimed", failure);
            return List.of();
        }
    }

    private Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(config.longestPoll()) < 0 ? doubled : config.longestPoll();
    }
}

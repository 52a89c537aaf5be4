package dev.parley.batch;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Runs lines of a batch for a while, some at a time; all batches of this process share so many places.
@ApplicationScoped
class Slice {

    private static final Logger LOG = Logger.getLogger(Slice.class);
    private static final int BEFORE_WORKERS_STOP = 1;

    private final BatchLines lines;
    private final LineRunner runner;
    private final LineFates fates;
    private final BatchConfig config;
    private final Semaphore places;
    private final Set<BatchId> here = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    Slice(BatchLines lines, LineRunner runner, LineFates fates, BatchConfig config) {
        this.lines = lines;
        this.runner = runner;
        this.fates = fates;
        this.config = config;
        // Fair, so that a small batch gets its turn beside a large one.
        this.places = new Semaphore(config.concurrency(), true);
    }

    /// Returns when its time is over or nothing can be claimed, and the lines it began have ended. False when this
    /// process is on the batch already: a second worker would take the place of other jobs for nothing.
    boolean run(Batch batch) throws InterruptedException {
        if (!here.add(batch.id())) {
            return false;
        }
        try {
            lines.release(batch);
            work(batch, UUID.randomUUID());
            return true;
        } finally {
            here.remove(batch.id());
        }
    }

    private void work(Batch batch, UUID worker) throws InterruptedException {
        long end = System.nanoTime() + config.slice().toNanos();
        List<Thread> threads = Stream.generate(() -> Thread.ofVirtual().unstarted(() -> runLines(batch, worker, end)))
                .limit(config.concurrency())
                .toList();
        threads.forEach(Thread::start);
        Duration renewal = config.lineLease().dividedBy(3);
        for (Thread thread : threads) {
            while (!thread.join(renewal)) {
                lines.renew(batch, worker);
            }
        }
    }

    private void runLines(Batch batch, UUID worker, long end) {
        try {
            while (!stopping && places.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                try {
                    Optional<BatchLine> line = lines.claim(batch, worker);
                    if (line.isEmpty()) {
                        return;
                    }
                    fates.tell(line.get(), runner.run(line.get()));
                } finally {
                    places.release();
                }
            }
        } catch (InterruptedException stopped) {
            LOG.debugf("No more lines of %s", batch.id());
        } catch (RuntimeException | Error failure) {
            // Its line is taken over when the lease ends, and told what became of it.
            LOG.warnf(failure, "A line of %s is left for later", batch.id());
        }
    }

    /// From here on nothing is admitted.
    void stop(@Observes ShutdownDelayInitiatedEvent event) {
        stopping = true;
    }

    void stop(@Observes @Priority(BEFORE_WORKERS_STOP) ShutdownEvent event) {
        stopping = true;
    }
}

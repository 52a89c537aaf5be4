package dev.parley.batch;

import dev.parley.invocation.Deadline;
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
    ///
    /// @param deadline by when the lines must have ended: none is begun in the second half of what is left
    boolean run(Batch batch, Deadline deadline) throws InterruptedException {
        if (!here.add(batch.id())) {
            return false;
        }
        try {
            lines.release(batch);
            work(new Shift(
                    batch,
                    UUID.randomUUID(),
                    deadline,
                    System.nanoTime() + deadline.forBeginning(config.slice()).toNanos()));
            return true;
        } finally {
            here.remove(batch.id());
        }
    }

    /// One worker's time on a batch.
    ///
    /// @param end after which no line is begun, by `System.nanoTime`
    private record Shift(Batch batch, UUID worker, Deadline deadline, long end) {

        /// A place that is free is given also to who has no time to wait.
        boolean isOn() {
            return left() > 0;
        }

        long left() {
            return end - System.nanoTime();
        }
    }

    private void work(Shift shift) throws InterruptedException {
        List<Thread> threads = Stream.generate(() -> Thread.ofVirtual().unstarted(() -> runLines(shift)))
                .limit(config.concurrency())
                .toList();
        threads.forEach(Thread::start);
        Duration renewal = config.lineLease().dividedBy(3);
        for (Thread thread : threads) {
            while (!thread.join(renewal)) {
                lines.renew(shift.batch, shift.worker);
            }
        }
    }

    private void runLines(Shift shift) {
        try {
            while (!stopping && shift.isOn() && places.tryAcquire(shift.left(), TimeUnit.NANOSECONDS)) {
                try {
                    Optional<BatchLine> line = lines.claim(shift.batch, shift.worker);
                    if (line.isEmpty()) {
                        return;
                    }
                    fates.tell(line.get(), runner.run(line.get(), shift.deadline));
                } finally {
                    places.release();
                }
            }
        } catch (InterruptedException stopped) {
            LOG.debugf("No more lines of %s", shift.batch.id());
        } catch (RuntimeException | Error failure) {
            // Its line is taken over when the lease ends, and told what became of it.
            LOG.warnf(failure, "A line of %s is left for later", shift.batch.id());
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

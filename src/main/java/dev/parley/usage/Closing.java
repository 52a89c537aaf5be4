package dev.parley.usage;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// The end of this process: no new turns, a grace period for those that run, and a clean failure for those that take
/// longer. All of them are settled before the database's connections close, those too that wait for it to come back.
@ApplicationScoped
class Closing {

    private static final Logger LOG = Logger.getLogger(Closing.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /// What a turn takes to tell its client and to settle, once it is stopped.
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private static final Duration GLANCE = Duration.ofMillis(20);

    private final Leases leases;
    private final Duration grace;
    private final CountDownLatch drained = new CountDownLatch(1);
    private volatile boolean closed;

    Closing(Leases leases, UsageConfig config) {
        this.leases = leases;
        this.grace = config.shutdownGrace();
    }

    /// @throws Problem (503) when no more work is taken
    void checkOpen() {
        if (closed) {
            throw shuttingDown();
        }
    }

    static Problem shuttingDown() {
        return Problem.passing(
                ProblemKind.UNAVAILABLE,
                "server_shutting_down",
                "This process shuts down. Please send the request again.",
                RETRY_AFTER);
    }

    /// Comes first, while connections of clients are still served.
    void begin(@Observes ShutdownDelayInitiatedEvent event) {
        begin();
    }

    /// Before anything that turns need is taken away.
    void end(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        begin();
        drained.await(grace.plus(LAST_WORDS).toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void begin() {
        if (!closed) {
            closed = true;
            Thread.ofVirtual().name("turns-end").start(this::drain);
        }
    }

    private void drain() {
        try {
            awaitNone(grace);
            if (leases.running() > 0) {
                LOG.warnf("%d turns are stopped: they outlast the grace period", leases.running());
                leases.stopAll();
                awaitNone(LAST_WORDS);
            }
            if (leases.running() > 0) {
                LOG.errorf("%d turns are left to the reaper: they could not be settled in time", leases.running());
            }
        } catch (InterruptedException hurried) {
            leases.stopAll();
        } finally {
            drained.countDown();
        }
    }

    private void awaitNone(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (leases.running() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(GLANCE);
        }
    }
}

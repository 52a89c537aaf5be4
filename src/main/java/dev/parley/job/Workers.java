package dev.parley.job;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The jobs that run in this process, from its start to its shutdown.
///
/// Workers are platform threads, because jobs compute: a virtual thread in native code (ONNX) or a long loop would
/// keep a carrier from the requests that run on virtual threads.
@ApplicationScoped
class Workers {

    private static final Logger LOG = Logger.getLogger(Workers.class);

    private final JobConfig config;
    private final JobQueue queue;
    private final Attempts attempts;
    private final Dispatcher dispatcher;
    private final Map<Lease, Thread> running = new ConcurrentHashMap<>();
    private final Set<Lease> givenUp = ConcurrentHashMap.newKeySet();
    private final Places places;
    private volatile boolean stopping;
    private @Nullable Thread heartbeat;

    Workers(JobConfig config, JobQueue queue, Attempts attempts, Dispatcher dispatcher) {
        this.config = config;
        this.queue = queue;
        this.attempts = attempts;
        this.dispatcher = dispatcher;
        this.places = new Places(config.workers());
    }

    void start(@Observes StartupEvent event) {
        if (config.workers() > 0) {
            heartbeat = Thread.ofVirtual().name("job-heartbeat").start(this::renewLeases);
            dispatcher.start(this::launch);
        }
    }

    private void launch(Lease lease) {
        try {
            places.take(lease);
            Thread worker =
                    Thread.ofPlatform().daemon().name("job-" + lease.job().id()).unstarted(() -> work(lease));
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

    private void renewLeases() {
        try {
            while (!stopping) {
                Thread.sleep(config.lease().dividedBy(3));
                running.forEach(this::attend);
            }
        } catch (InterruptedException stopped) {
            LOG.debug("No more leases to renew");
        }
    }

    private void attend(Lease lease, Thread worker) {
        renew(lease);
        JobFailure stalled = lease.stalled();
        if (stalled != null && givenUp.add(lease)) {
            // Elsewhere, as it waits where the job hangs in a transaction; other leases are to be renewed meanwhile.
            Thread.ofVirtual().name("job-give-up").start(() -> giveUp(lease, worker, stalled));
        }
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

    private void renew(Lease lease) {
        try {
            queue.renew(lease);
        } catch (RuntimeException | Error failure) {
            LOG.warnf(failure, "The lease of %s could not be renewed", lease.job());
        }
    }

    /// No new claims; running jobs get a grace period, and what is not done then is handed back at once.
    /// No further jobs while requests under way are still finished.
    void pause(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
        dispatcher.stop();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        dispatcher.stop();
        long deadline = System.nanoTime() + config.shutdownGrace().toNanos();
        for (Thread worker : running.values()) {
            worker.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
        stopping = true;
        if (heartbeat != null) {
            heartbeat.interrupt();
        }
        running.keySet().forEach(this::handBack);
    }

    private void handBack(Lease lease) {
        try {
            queue.release(lease);
        } catch (RuntimeException failure) {
            LOG.infof("%s will be taken over when its lease ends: %s", lease.job(), failure.getMessage());
        }
    }
}

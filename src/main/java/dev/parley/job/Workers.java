package dev.parley.job;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The jobs that run in this process, from its start to its shutdown: a crew for each workload.
@ApplicationScoped
class Workers {

    private static final Logger LOG = Logger.getLogger(Workers.class);

    private final JobConfig config;
    private final JobHandlers handlers;
    private final JobQueue queue;
    private final Attempts attempts;
    private final Bell bell;
    private final boolean invoked;
    private final List<Crew> crews = new ArrayList<>();
    private volatile boolean stopping;
    private @Nullable Thread heartbeat;

    Workers(
            JobConfig config,
            JobHandlers handlers,
            JobQueue queue,
            Attempts attempts,
            Bell bell,
            @ConfigProperty(name = "parley.function.runtime-api") Optional<String> runtimeApi) {
        this.invoked = runtimeApi.isPresent();
        this.config = config;
        this.handlers = handlers;
        this.queue = queue;
        this.attempts = attempts;
        this.bell = bell;
    }

    /// Not under Lambda, which freezes a process between invocations: there a ring calls the [CalledWorker].
    void start(@Observes StartupEvent event) {
        if (!config.polling().orElse(!invoked)) {
            return;
        }
        for (Workload workload : Workload.values()) {
            Set<String> kinds = handlers.kinds(workload);
            int size = workload.workers(config);
            if (size > 0 && !kinds.isEmpty()) {
                crews.add(new Crew(workload, size, new Dispatcher(kinds, config, queue, bell), attempts));
            }
        }
        if (!crews.isEmpty()) {
            heartbeat = Thread.ofVirtual().name("job-heartbeat").start(this::renewLeases);
            crews.forEach(Crew::start);
        }
    }

    private void renewLeases() {
        try {
            while (!stopping) {
                Thread.sleep(config.lease().dividedBy(3));
                for (Crew crew : crews) {
                    crew.running().forEach(this::renew);
                    crew.giveUpStalled();
                }
            }
        } catch (InterruptedException stopped) {
            LOG.debug("No more leases to renew");
        }
    }

    private void renew(Lease lease) {
        try {
            queue.renew(lease);
        } catch (RuntimeException | Error failure) {
            LOG.warnf(failure, "The lease of %s could not be renewed", lease.job());
        }
    }

    /// No further jobs while requests under way are still finished.
    void pause(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
        pause();
    }

    private void pause() throws InterruptedException {
        for (Crew crew : crews) {
            crew.pause();
        }
    }

    /// Running jobs get a grace period, and what is not done then is handed back at once.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        pause();
        long deadline = System.nanoTime() + config.shutdownGrace().toNanos();
        for (Crew crew : crews) {
            crew.await(deadline);
        }
        stopping = true;
        if (heartbeat != null) {
            heartbeat.interrupt();
        }
        crews.forEach(crew -> crew.running().forEach(this::handBack));
    }

    private void handBack(Lease lease) {
        try {
            queue.release(lease);
        } catch (RuntimeException failure) {
            LOG.infof("%s will be taken over when its lease ends: %s", lease.job(), failure.getMessage());
        }
    }
}

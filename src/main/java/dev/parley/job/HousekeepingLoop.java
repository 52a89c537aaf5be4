package dev.parley.job;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Keeps house for as long as a server lives.
///
/// Not under Lambda, which freezes a process between invocations: there an event calls [Housekeeper#runDue].
@ApplicationScoped
class HousekeepingLoop {

    private static final Logger LOG = Logger.getLogger(HousekeepingLoop.class);

    private final Housekeeper housekeeper;
    private final JobConfig.Rounds config;
    private final boolean invoked;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Thread thread;

    HousekeepingLoop(
            Housekeeper housekeeper,
            JobConfig config,
            @ConfigProperty(name = "parley.function.runtime-api") Optional<String> runtimeApi) {
        this.housekeeper = housekeeper;
        this.config = config.housekeeping();
        this.invoked = runtimeApi.isPresent();
    }

    void start(@Observes StartupEvent event) {
        if (config.enabled() && !invoked) {
            thread = Thread.ofVirtual().name("housekeeping").start(this::goRound);
        }
    }

    boolean isRunning() {
        return thread != null && thread.isAlive();
    }

    private void goRound() {
        try {
            while (!stopping.await(pause(), TimeUnit.MILLISECONDS)) {
                startDue();
            }
        } catch (InterruptedException stopped) {
            LOG.debug("No more housekeeping");
        }
    }

    /// Between half of and the whole poll, so that processes that started together do not ask together.
    private long pause() {
        return (long) (config.poll().toMillis() * ThreadLocalRandom.current().nextDouble(0.5, 1));
    }

    private void startDue() {
        try {
            housekeeper.startDue(Duration.ZERO);
        } catch (RuntimeException | Error failure) {
            // Errors too: without this loop nothing would be tidied any more, and the process would look healthy.
            LOG.warnf("No housekeeping for now: %s", failure);
        }
    }

    /// Awaited rather than interrupted: a claim that is broken off would be nobody's until its lease ends.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        if (thread != null) {
            thread.join();
        }
        housekeeper.stop();
    }
}

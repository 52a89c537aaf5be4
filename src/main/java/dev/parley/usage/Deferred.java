package dev.parley.usage;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/// Settlements that wait for the database to come back, a bounded number for a bounded time.
@ApplicationScoped
class Deferred {

    private static final Logger LOG = Logger.getLogger(Deferred.class);
    private static final int MOST = 1024;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Semaphore room = new Semaphore(MOST);
    private final Duration patience;

    Deferred(UsageConfig config) {
        this.patience = config.settlementPatience();
    }

    void add(Settlement settlement, Consumer<Settlement> settle) {
        if (!room.tryAcquire()) {
            LOG.errorf(
                    "Turn %s is left to the reaper: too many wait",
                    settlement.ticket().turn());
            return;
        }
        Thread.ofVirtual().name("deferred-settlement").start(() -> {
            try {
                keepTrying(settlement, settle);
            } finally {
                room.release();
            }
        });
    }

    private void keepTrying(Settlement settlement, Consumer<Settlement> settle) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                Thread.sleep(PAUSE);
                settle.accept(settlement);
                return;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException away) {
                LOG.debugf("Turn %s is not settled yet: %s", settlement.ticket().turn(), away.getMessage());
            }
        }
        LOG.errorf(
                "Turn %s is left to the reaper: it could not be settled in time",
                settlement.ticket().turn());
    }
}

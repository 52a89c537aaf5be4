package dev.parley.usage;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/// Settlements that wait for the database to come back: so many bytes of them, each for so long. Each keeps its turn's
/// lease, so nobody else settles the turn meanwhile, and a shutdown waits for it.
@ApplicationScoped
class Deferred {

    private static final Logger LOG = Logger.getLogger(Deferred.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Leases leases;
    private final Duration patience;
    private final long room;
    private final AtomicLong taken = new AtomicLong();

    Deferred(Leases leases, UsageConfig config) {
        this.leases = leases;
        this.patience = config.settlementPatience();
        this.room = config.settlementBacklog().asLongValue();
    }

    /// The caller may close its own lease once this returns.
    void add(Settlement settlement, Consumer<Settlement> settle) {
        long bytes = settlement.bytes();
        if (taken.addAndGet(bytes) > room) {
            taken.addAndGet(-bytes);
            LOG.errorf(
                    "Turn %s is left to the reaper: too much waits",
                    settlement.ticket().turn());
            return;
        }
        Lease lease = leases.keepOn(settlement.ticket());
        Thread.ofVirtual().name("deferred-settlement").start(() -> {
            try (lease) {
                keepTrying(settlement, settle);
            } finally {
                taken.addAndGet(-bytes);
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

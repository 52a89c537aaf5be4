package dev.parley.model;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/// The circuit breakers that are open in any process. Functions share no memory, so an open breaker is reported to the
/// database, and the others leave the model alone until one of them has tried it.
///
/// Calls read a snapshot, which costs them nothing. It is renewed in the background as requests come in, at most once a
/// second: a turn's admission takes about as long, so even a process that slept has it when the model is called. All of
/// this is a courtesy: without the database each process has its own breakers.
@ApplicationScoped
class SharedBreakers {

    private static final Logger LOG = Logger.getLogger(SharedBreakers.class);
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final int MOST_REPORTS = 16;

    private final Transactions transactions;
    private final Clock clock;
    private final Semaphore reports = new Semaphore(MOST_REPORTS);
    private final AtomicReference<Instant> asked = new AtomicReference<>(Instant.MIN);
    private volatile Map<ModelKey, Instant> openUntil = Map.of();

    SharedBreakers(Transactions transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /// What a breaker is around: a provider's model, whatever its aliases.
    record ModelKey(String provider, String model) {}

    /// Leave to call a model.
    enum Leave {
        FREE,
        /// It failed for everybody, and this call finds out whether it still does.
        TRIAL,
        NONE
    }

    /// Called early in a request, so that what it asks for is there when it is needed.
    void renewSoon() {
        Instant last = asked.get();
        Instant now = clock.instant();
        if (last.isBefore(now.minus(FRESH)) && asked.compareAndSet(last, now)) {
            inBackground(this::renew);
        }
    }

    /// @param trial how long the others leave the model alone while this call tries it
    Leave ask(ModelKey key, Duration trial) {
        Instant until = openUntil.get(key);
        if (until == null) {
            return Leave.FREE;
        }
        if (clock.instant().isBefore(until)) {
            return Leave.NONE;
        }
        try {
            return tryFor(key, trial) ? Leave.TRIAL : Leave.NONE;
        } catch (RuntimeException away) {
            LOG.debugf("Nobody to ask about %s: %s", key, away.getMessage());
            return Leave.FREE;
        }
    }

    /// Tells the others that a model is to be left alone.
    void opened(ModelKey key, Duration delay) {
        LOG.warnf("%s of provider %s is left alone for %s", key.model(), key.provider(), delay);
        inBackground(() -> call("SELECT open_breaker(?, ?, ?)", key.provider(), key.model(), delay.toMillis()));
    }

    /// Tells the others that a model works again.
    void closed(ModelKey key) {
        inBackground(() -> close(key));
    }

    void close(ModelKey key) {
        call("SELECT close_breaker(?, ?)", key.provider(), key.model());
        renew();
    }

    void renew() {
        var found = new HashMap<ModelKey, Instant>();
        Instant now = clock.instant();
        transactions.withoutTenant(connection -> Sql.list(
                connection,
                "SELECT * FROM open_breakers()",
                row -> found.put(
                        new ModelKey(row.getString("provider"), row.getString("model")),
                        now.plusMillis(row.getLong("millis")))));
        openUntil = Map.copyOf(found);
    }

    /// While it is asked about, other calls of this process leave it alone too.
    private boolean tryFor(ModelKey key, Duration trial) {
        boolean granted = transactions.withoutTenant(connection -> Sql.first(
                        connection,
                        "SELECT try_breaker(?, ?, ?)",
                        row -> row.getBoolean(1),
                        key.provider(),
                        key.model(),
                        trial.toMillis())
                .orElse(true));
        var known = new HashMap<>(openUntil);
        known.replace(key, clock.instant().plus(trial));
        openUntil = Map.copyOf(known);
        return granted;
    }

    private void call(String function, Object... args) {
        transactions.withoutTenant(connection -> Sql.first(connection, function, _ -> true, args));
    }

    private void inBackground(Runnable task) {
        if (!reports.tryAcquire()) {
            return;
        }
        Thread.ofVirtual().name("shared-breakers").start(() -> {
            try {
                task.run();
            } catch (RuntimeException away) {
                LOG.debugf("Breakers are not shared: %s", away.getMessage());
            } finally {
                reports.release();
            }
        });
    }
}

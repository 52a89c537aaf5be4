package dev.parley.model;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/// The circuit breakers that are open in any process. Functions share no memory, so an open breaker is reported to
/// the database, and the others leave the model alone until one of them has tried it.
///
/// Calls read a snapshot, which costs them nothing. It is renewed in the background as requests come in, at most
/// once a second: a turn's admission takes about as long, so it is mostly there when the model is called. A call
/// that comes while a renewal has just begun, as the first one of a process that slept may, waits for it a moment.
/// All of this is a courtesy: without the database each process has its own breakers.
@ApplicationScoped
class SharedBreakers {

    private static final Logger LOG = Logger.getLogger(SharedBreakers.class);
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final int MOST_REPORTS = 16;

    /// Many times what a renewal takes; little beside a call to a provider that is down.
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final Transactions transactions;
    private final Clock clock;
    private final Duration patience;
    private final Semaphore reports = new Semaphore(MOST_REPORTS);
    private final AtomicReference<Renewal> renewal = new AtomicReference<>(Renewal.NONE);
    private volatile Map<ModelKey, Instant> openUntil = Map.of();

    @Inject
    SharedBreakers(Transactions transactions, Clock clock) {
        this(transactions, clock, PATIENCE);
    }

    SharedBreakers(Transactions transactions, Clock clock, Duration patience) {
        this.transactions = transactions;
        this.clock = clock;
        this.patience = patience;
    }

    /// The latest one, over or not.
    private record Renewal(Instant begun, CountDownLatch done) {
        static final Renewal NONE = new Renewal(Instant.MIN, new CountDownLatch(0));
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
        Renewal last = renewal.get();
        var next = new Renewal(clock.instant(), new CountDownLatch(1));
        if (last.begun.isBefore(next.begun.minus(FRESH)) && renewal.compareAndSet(last, next)) {
            boolean begun = inBackground(() -> {
                try {
                    renew();
                } finally {
                    next.done.countDown();
                }
            });
            if (!begun) {
                next.done.countDown();
            }
        }
    }

    /// Counted from its beginning: one that hangs holds up nobody who comes later.
    private void awaitRenewal() {
        Renewal last = renewal.get();
        if (last.done.getCount() == 0) {
            return;
        }
        try {
            Duration left = patience.minus(Duration.between(last.begun, clock.instant()));
            last.done.await(left.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whether it failed for somebody a moment ago, as far as is known here. Costs nothing.
    boolean isLeftAlone(ModelKey key) {
        Instant until = openUntil.get(key);
        return until != null && clock.instant().isBefore(until);
    }

    /// @param trial how long the others leave the model alone while this call tries it
    Leave ask(ModelKey key, Duration trial) {
        renewSoon();
        awaitRenewal();
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

    /// Returns whether it is done at all: not when too much waits for the database already.
    private boolean inBackground(Runnable task) {
        if (!reports.tryAcquire()) {
            return false;
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
        return true;
    }
}

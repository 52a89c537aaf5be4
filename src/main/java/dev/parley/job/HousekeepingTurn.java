package dev.parley.job;

import dev.parley.job.HousekeepingTurns.Claim;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/// One turn of one task in this process: batch after batch, until none is left or the time is up.
///
/// The batches run on a thread of their own, so that one that hangs can be given up. It keeps its lease then, because
/// nobody knows what it still does.
final class HousekeepingTurn {

    private static final Logger LOG = Logger.getLogger(HousekeepingTurn.class);

    private final Housekeeping task;
    private final Claim claim;
    private final HousekeepingTurns turns;
    private final Duration limit;
    private final FutureTask<Boolean> batches = new FutureTask<>(this::runBatches);
    private final Thread worker;
    private final Thread supervisor;
    private volatile boolean stopping;
    private volatile boolean moreLeft;

    private HousekeepingTurn(Housekeeping task, Claim claim, HousekeepingTurns turns, Duration limit) {
        this.task = task;
        this.claim = claim;
        this.turns = turns;
        this.limit = limit;
        var threads = Thread.ofVirtual().name("housekeeping-" + claim.task());
        this.worker = threads.unstarted(batches);
        this.supervisor = threads.unstarted(this::supervise);
    }

    /// How long a claim must last for a turn of this length, given up and all.
    static Duration lease(Duration limit) {
        return limit.multipliedBy(4);
    }

    static HousekeepingTurn start(Housekeeping task, Claim claim, HousekeepingTurns turns, Duration limit) {
        var turn = new HousekeepingTurn(task, claim, turns, limit);
        turn.worker.start();
        turn.supervisor.start();
        return turn;
    }

    boolean isOver() {
        return !worker.isAlive() && !supervisor.isAlive();
    }

    /// Waits for the end and returns whether more is left.
    boolean await() throws InterruptedException {
        supervisor.join();
        return moreLeft;
    }

    /// No further batch.
    void stop() {
        stopping = true;
    }

    /// The batch under way is broken off when it takes longer than that.
    void awaitStopped(Duration grace) throws InterruptedException {
        if (!supervisor.join(grace)) {
            batches.cancel(true);
            supervisor.join(grace);
        }
    }

    private boolean runBatches() {
        long end = System.nanoTime() + limit.toNanos();
        boolean more;
        do {
            more = task.run();
        } while (more && !stopping && System.nanoTime() < end);
        return more;
    }

    private void supervise() {
        try {
            settle();
        } catch (InterruptedException | RuntimeException failure) {
            LOG.warnf(failure, "The end of housekeeping %s could not be written", claim.task());
        }
    }

    private void settle() throws InterruptedException {
        try {
            moreLeft = batches.get(2 * limit.toMillis(), TimeUnit.MILLISECONDS);
            turns.end(claim, moreLeft);
        } catch (ExecutionException failure) {
            LOG.warnf(failure.getCause(), "Housekeeping %s failed", claim.task());
            turns.fail(claim);
        } catch (CancellationException stopped) {
            worker.join();
            turns.end(claim, true);
        } catch (TimeoutException hung) {
            LOG.warnf("Housekeeping %s is broken off: a batch takes too long", claim.task());
            batches.cancel(true);
            if (worker.join(limit)) {
                turns.fail(claim);
            }
        }
    }
}

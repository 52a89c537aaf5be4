package dev.parley.job;

import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.jboss.logging.Logger;

/// Makes one attempt at a job and settles it: done, to be repeated, or dead.
@ApplicationScoped
class Attempts {

    private static final Logger LOG = Logger.getLogger(Attempts.class);

    private final JobHandlers handlers;
    private final JobQueue queue;
    private final Transactions transactions;
    private final Bell bell;
    private final int maxAttempts;
    private final RetryDelays delays;

    Attempts(JobHandlers handlers, JobQueue queue, Transactions transactions, Bell bell, JobConfig config) {
        this.handlers = handlers;
        this.queue = queue;
        this.transactions = transactions;
        this.bell = bell;
        this.maxAttempts = config.maxAttempts();
        this.delays = new RetryDelays(config.firstRetry(), config.longestRetry(), new Random());
    }

    /// Never throws: what cannot be settled now is settled by whoever takes over when the lease ends.
    void make(Lease lease) {
        try {
            attempt(lease);
        } catch (LeaseLost lost) {
            LOG.debugf("%s", lost.getMessage());
        } catch (RuntimeException | Error failure) {
            LOG.errorf(failure, "The outcome of %s could not be written", lease.job());
        }
    }

    /// Settles an attempt for a worker that hangs in it. False when that could not be done: the worker ended it itself
    /// meanwhile, or the database is away.
    boolean giveUp(Lease lease, JobFailure failure) {
        try {
            settle(lease, failure);
            return true;
        } catch (LeaseLost ended) {
            LOG.debugf("%s", ended.getMessage());
        } catch (RuntimeException | Error unsettled) {
            LOG.warnf(unsettled, "%s hangs and could not be given up", lease.job());
        }
        return false;
    }

    private void attempt(Lease lease) {
        try {
            run(lease);
        } catch (LeaseLost lost) {
            throw lost;
        } catch (RuntimeException | Error failure) {
            // Errors too: a file that exhausts memory or stack must end in the dead letters like any other.
            settle(lease, JobFailure.of(failure));
        }
    }

    private void run(Lease lease) {
        if (lease.job().attempt() > maxAttempts) {
            throw JobFailure.abandoned(maxAttempts);
        }
        handlers.of(lease.job()).run(lease.job(), lease);
        queue.complete(lease);
    }

    private void settle(Lease lease, JobFailure failure) {
        Optional<Duration> again = transactions.inTenant(lease.job().tenant(), connection -> {
            int attempts = queue.lockAttempts(connection, lease);
            if (failure.isRetriable() && attempts < maxAttempts) {
                Duration delay = delays.after(attempts);
                queue.retry(connection, lease, failure, delay);
                LOG.infof(failure.getCause(), "Attempt %d of %s failed at %s", attempts, lease.job(), failure.stage());
                return Optional.of(delay);
            } else {
                queue.bury(connection, lease, failure);
                handlers.of(lease.job()).buried(lease.job(), failure);
                LOG.warnf(failure.getCause(), "%s is a dead letter: %s", lease.job(), failure.getMessage());
                return Optional.empty();
            }
        });
        again.ifPresent(delay -> bell.ring(lease.job().kind(), delay));
    }
}

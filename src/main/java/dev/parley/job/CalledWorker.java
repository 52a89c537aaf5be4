package dev.parley.job;

import dev.parley.invocation.Deadline;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jboss.logging.Logger;

/// Does a job while somebody waits for its end: an invocation. What is not done when that has to end goes back to the
/// queue and is rung for, so that another goes on from its last checkpoint.
@ApplicationScoped
class CalledWorker {

    private static final Logger LOG = Logger.getLogger(CalledWorker.class);

    /// What is left of an invocation when its job is taken from it.
    private static final Duration HAND_BACK = Duration.ofSeconds(3);

    /// What is left when its worker is waited for no longer.
    private static final Duration LAST_MOMENT = Duration.ofMillis(1_200);

    /// How long it takes to settle a job whose worker is in no transaction.
    private static final Duration SETTLING = Duration.ofMillis(800);

    /// How often it looks after its job.
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final JobHandlers handlers;
    private final JobQueue queue;
    private final Attempts attempts;
    private final Bell bell;
    private final Duration renewal;

    CalledWorker(JobHandlers handlers, JobQueue queue, Attempts attempts, Bell bell, JobConfig config) {
        this.handlers = handlers;
        this.queue = queue;
        this.attempts = attempts;
        this.bell = bell;
        this.renewal = config.lease().dividedBy(3);
    }

    /// Does the job whose turn it is, if one is due, and returns when it has ended.
    void doNext(Workload workload, Deadline deadline) throws InterruptedException {
        for (Lease lease : queue.claim(handlers.kinds(workload), 1, deadline)) {
            Thread worker = workload.thread().name("job-" + lease.job().id()).start(() -> attempts.make(lease));
            watch(lease, worker, deadline);
        }
    }

    private void watch(Lease lease, Thread worker, Deadline deadline) throws InterruptedException {
        long renewed = System.nanoTime();
        while (!worker.join(GLANCE)) {
            JobFailure stalled = lease.stalled();
            if (stalled != null) {
                take(worker, deadline, () -> attempts.giveUp(lease, stalled));
                return;
            }
            if (deadline.leftInAll().compareTo(HAND_BACK) < 0) {
                take(worker, deadline, () -> handBack(lease));
                return;
            }
            if (System.nanoTime() - renewed > renewal.toNanos()) {
                renewed = System.nanoTime();
                Thread.ofVirtual().name("job-renewal").start(() -> renew(lease));
            }
        }
    }

    /// Settles the job before its worker is interrupted, which would be faster to report that as the failure. On a
    /// thread of its own, as it waits where the job hangs in a transaction: then the interrupt ends that.
    private static void take(Thread worker, Deadline deadline, Runnable settlement) throws InterruptedException {
        Thread settling = Thread.ofVirtual().name("job-settlement").start(settlement);
        settling.join(SETTLING);
        worker.interrupt();
        awaitUntilLastMoment(settling, deadline);
        if (!awaitUntilLastMoment(worker, deadline)) {
            LOG.errorf("%s goes on although it lost its job", worker.getName());
        }
    }

    private static boolean awaitUntilLastMoment(Thread thread, Deadline deadline) throws InterruptedException {
        Duration left = deadline.leftInAll().minus(LAST_MOMENT);
        return thread.join(left.isPositive() ? left : Duration.ofMillis(1));
    }

    private void renew(Lease lease) {
        try {
            queue.renew(lease);
        } catch (RuntimeException failure) {
            LOG.warnf(failure, "The lease of %s could not be renewed", lease.job());
        }
    }

    /// A job that committed nothing in a whole invocation would do so in the next one: that was an attempt.
    private void handBack(Lease lease) {
        try {
            if (lease.hasProgressed()) {
                queue.release(lease);
                bell.ring(lease.job().kind(), Duration.ZERO);
            } else {
                attempts.giveUp(lease, JobFailure.outOfTime());
            }
        } catch (LeaseLost ended) {
            LOG.debugf("%s", ended.getMessage());
        } catch (RuntimeException failure) {
            LOG.infof("%s will be taken over when its lease ends: %s", lease.job(), failure.getMessage());
        }
    }
}

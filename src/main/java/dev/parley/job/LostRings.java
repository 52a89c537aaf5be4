package dev.parley.job;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/// Rings for jobs that nobody was called for: the message was lost, its process died before it was sent, the job came
/// due later than a queue keeps messages, or its worker died.
@ApplicationScoped
class LostRings implements Housekeeping {

    /// Of one workload in one run: enough workers to go on with, and the next run rings for more.
    private static final int MOST = 1_000;

    private final RingQueues queues;
    private final Doorbell doorbell;
    private final JobHandlers handlers;
    private final QueueDepth depth;

    LostRings(RingQueues queues, Doorbell doorbell, JobHandlers handlers, QueueDepth depth) {
        this.queues = queues;
        this.doorbell = doorbell;
        this.handlers = handlers;
        this.depth = depth;
    }

    @Override
    public String name() {
        return "lost_rings";
    }

    @Override
    public Duration interval() {
        return Duration.ofMinutes(1);
    }

    /// As many as lack. Too many do no harm, and too few are seen the next time.
    @Override
    public boolean run() {
        for (Workload workload : Workload.values()) {
            if (queues.has(workload)) {
                long waiting = depth.of(handlers.kinds(workload)).depth();
                long lacking = waiting == 0 ? 0 : waiting - queues.unheard(workload);
                for (long i = 0; i < Math.min(lacking, MOST); i++) {
                    doorbell.ring(new Ring(workload, Duration.ZERO));
                }
            }
        }
        return false;
    }
}

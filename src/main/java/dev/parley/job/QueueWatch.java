package dev.parley.job;

import dev.parley.telemetry.FunctionMetrics;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;

/// Measures the queue, for alarms: how many jobs wait, and how long the first of them.
@ApplicationScoped
class QueueWatch implements Housekeeping {

    private final QueueDepth depth;
    private final JobHandlers handlers;
    private final FunctionMetrics metrics;
    private final Clock clock;

    QueueWatch(QueueDepth depth, JobHandlers handlers, FunctionMetrics metrics, Clock clock) {
        this.depth = depth;
        this.handlers = handlers;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "queue_watch";
    }

    @Override
    public Duration interval() {
        return Duration.ofMinutes(1);
    }

    @Override
    public boolean run() {
        if (metrics.areWritten()) {
            for (Workload workload : Workload.values()) {
                QueueDepth.Waiting waiting = depth.of(handlers.kinds(workload));
                Duration age =
                        waiting.oldest() == null ? Duration.ZERO : Duration.between(waiting.oldest(), clock.instant());
                metrics.waiting(workload.name().toLowerCase(Locale.ROOT), waiting.depth(), age);
            }
        }
        return false;
    }
}

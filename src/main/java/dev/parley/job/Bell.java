package dev.parley.job;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes whoever does jobs when one was added here: the dispatchers of this process, and workers elsewhere.
@ApplicationScoped
class Bell {

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final JobHandlers handlers;
    private final Doorbell doorbell;

    Bell(JobHandlers handlers, Doorbell doorbell) {
        this.handlers = handlers;
        this.doorbell = doorbell;
    }

    /// @param delay after which the job may begin
    void ring(String kind, Duration delay) {
        if (delay.isZero()) {
            ringHere();
        }
        handlers.workload(kind).ifPresent(workload -> doorbell.ring(new Ring(workload, delay)));
    }

    void ringHere() {
        listeners.forEach(each -> each.rung.release());
    }

    Listener listener() {
        var listener = new Listener();
        listeners.add(listener);
        return listener;
    }

    /// Rings while it is awake are not lost, and many are one.
    static final class Listener {

        private final Semaphore rung = new Semaphore(0);

        void await(Duration atMost) throws InterruptedException {
            rung.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS);
            rung.drainPermits();
        }
    }
}

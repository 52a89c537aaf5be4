package dev.parley.job;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes the dispatchers of this process when a job was added here.
@ApplicationScoped
class Bell {

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    void ring() {
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

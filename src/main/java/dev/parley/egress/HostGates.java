package dev.parley.egress;

import dev.parley.egress.EgressError.Phase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Lets so many requests at a time through to one host.
@ApplicationScoped
class HostGates {

    /// @param users inside or waiting: a gate without any is forgotten
    private record Gate(Semaphore places, int users) {

        Gate with(int more) {
            return new Gate(places, users + more);
        }
    }

    /// Leaves once, however often it is told to.
    static final class Pass {

        private final Runnable leave;
        private final AtomicBoolean left = new AtomicBoolean();

        private Pass(Runnable leave) {
            this.leave = leave;
        }

        void leave() {
            if (left.compareAndSet(false, true)) {
                leave.run();
            }
        }
    }

    private final Map<String, Gate> gates = new ConcurrentHashMap<>();
    private final int width;

    HostGates(EgressConfig config) {
        this.width = config.hostConcurrency();
    }

    /// @throws EgressFailure if no place becomes free in time
    Pass enter(String host, long nanos) {
        Semaphore places = arrive(host);
        boolean entered = false;
        try {
            entered = places.tryAcquire(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EgressFailure(new EgressError.Stopped(), interrupted);
        } finally {
            if (!entered) {
                depart(host);
            }
        }
        if (!entered) {
            throw new EgressFailure(new EgressError.TimedOut(host, Phase.TURN));
        }
        return new Pass(() -> {
            places.release();
            depart(host);
        });
    }

    private Semaphore arrive(String host) {
        return gates.merge(host, new Gate(new Semaphore(width, true), 1), (gate, _) -> gate.with(1))
                .places();
    }

    private void depart(String host) {
        gates.computeIfPresent(host, (_, gate) -> gate.users() == 1 ? null : gate.with(-1));
    }

    /// Hosts that are in use.
    int size() {
        return gates.size();
    }
}

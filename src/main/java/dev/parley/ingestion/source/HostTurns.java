package dev.parley.ingestion.source;

import dev.parley.job.JobFailure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// One request at a time to each host, with a pause after it, over all sources of this process.
@ApplicationScoped
class HostTurns {

    /// Longer is not waited here: other jobs may have the thread meanwhile.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int REMEMBERED = 1000;

    private static final class Turn {
        private final ReentrantLock lock = new ReentrantLock(true);
        private volatile long next = System.nanoTime();

        Duration left() {
            return Duration.ofNanos(Math.max(0, next - System.nanoTime()));
        }

        boolean isOver() {
            return !lock.isLocked() && left().isZero();
        }

        void pause(Duration pause) {
            long then = System.nanoTime() + pause.toNanos();
            if (then - next > 0) {
                next = then;
            }
        }
    }

    private final Map<String, Turn> turns = new ConcurrentHashMap<>();

    /// @param pause after the request
    /// @throws HostBusy when the host's turn is too far away
    <T> T take(String host, Duration pause, Supplier<T> request) {
        Turn turn = turn(host);
        try {
            if (!turn.lock.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw HostBusy.here(PATIENCE);
            }
            try {
                if (turn.left().compareTo(PATIENCE) > 0) {
                    throw HostBusy.here(turn.left());
                }
                Thread.sleep(turn.left());
                return request.get();
            } finally {
                turn.pause(pause);
                turn.lock.unlock();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw JobFailure.passing("check", stopped);
        }
    }

    /// The host asked for it.
    void pause(String host, Duration pause) {
        turn(host).pause(pause);
    }

    private Turn turn(String host) {
        if (turns.size() > REMEMBERED) {
            turns.values().removeIf(Turn::isOver);
        }
        return turns.computeIfAbsent(host, _ -> new Turn());
    }
}

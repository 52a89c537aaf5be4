package dev.parley.ingestion.source;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.job.JobFailure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// One request at a time to each host, with a pause after it, over all sources of this process.
@ApplicationScoped
class HostTurns {

    /// Longer is not waited here: other jobs may have the thread meanwhile.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// Of more hosts at once the pauses of some are forgotten: they are asked a little too soon.
    private static final int REMEMBERED = 10_000;

    private static final class Turn {
        private final ReentrantLock lock = new ReentrantLock(true);
        private volatile long next = System.nanoTime();

        Duration left() {
            return Duration.ofNanos(Math.max(0, next - System.nanoTime()));
        }

        void pause(Duration pause) {
            long then = System.nanoTime() + pause.toNanos();
            if (then - next > 0) {
                next = then;
            }
        }
    }

    private final Cache<String, Turn> turns =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

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
        return turns.get(host, _ -> new Turn());
    }
}

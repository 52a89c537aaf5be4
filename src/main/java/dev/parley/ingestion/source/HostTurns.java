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
    static final Duration PATIENCE = Duration.ofSeconds(5);

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

    /// For how long one waits for a turn, and how long the host is left alone after it.
    ///
    /// @param patience with those that talk to the host now, and as much with the pause after them
    record Manners(Duration patience, Duration pause) {

        static Manners pausing(Duration pause) {
            return new Manners(PATIENCE, pause);
        }

        /// For the next request of a look that has begun. The pause after its last one may be what it waits for:
        /// whoever came again later instead would begin, and pause, anew.
        Manners goingOn() {
            return new Manners(pause.compareTo(PATIENCE) > 0 ? pause : PATIENCE, pause);
        }

        Manners within(Duration longest) {
            return patience.compareTo(longest) > 0 ? new Manners(longest, pause) : this;
        }
    }

    /// @throws HostBusy when the host's turn is too far away
    <T> T take(String host, Manners manners, Supplier<T> request) {
        Turn turn = turn(host);
        try {
            if (!turn.lock.tryLock(manners.patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw HostBusy.here(host, PATIENCE);
            }
            try {
                Duration left = turn.left();
                if (left.compareTo(manners.patience) > 0) {
                    throw HostBusy.here(host, left);
                }
                Thread.sleep(left);
                return ask(turn, manners.pause, request);
            } finally {
                turn.lock.unlock();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw JobFailure.passing("check", stopped);
        }
    }

    private static <T> T ask(Turn turn, Duration pause, Supplier<T> request) {
        try {
            return request.get();
        } finally {
            turn.pause(pause);
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

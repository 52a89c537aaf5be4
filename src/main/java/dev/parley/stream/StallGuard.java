package dev.parley.stream;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Frees a thread that is stuck in writing to a client that takes nothing.
final class StallGuard implements AutoCloseable {

    private static final long NOT_WRITING = Long.MIN_VALUE;

    private final Duration limit;
    private final Runnable disconnect;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long writingSince = NOT_WRITING;

    private StallGuard(Duration limit, Runnable disconnect) {
        this.limit = limit;
        this.disconnect = disconnect;
    }

    /// @param limit how long one write may take; up to half as long again passes before it is noticed
    static StallGuard start(Duration limit, Runnable disconnect) {
        var guard = new StallGuard(limit, disconnect);
        Thread.ofVirtual().name("stall-guard").start(guard::watch);
        return guard;
    }

    void writing() {
        writingSince = System.nanoTime();
    }

    void written() {
        writingSince = NOT_WRITING;
    }

    private void watch() {
        try {
            while (!closed.await(Math.max(1, limit.toMillis() / 2), TimeUnit.MILLISECONDS)) {
                long since = writingSince;
                if (since != NOT_WRITING && System.nanoTime() - since > limit.toNanos()) {
                    disconnect.run();
                    return;
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}

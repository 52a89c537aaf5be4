package dev.parley.model;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A stream's body that closes itself when nothing comes for too long, or when it goes on for too long: a reader
/// cannot be woken otherwise.
final class WatchedBody extends FilterInputStream {

    private final long end;
    private final Duration stall;
    private final Thread watcher;
    private volatile long quietUntil;
    private volatile boolean closed;
    private volatile @Nullable ProviderError expired;

    WatchedBody(InputStream body, ProviderSettings.Timeouts timeouts) {
        super(body);
        long now = System.nanoTime();
        this.end = now + timeouts.call().toNanos();
        this.stall = timeouts.stall();
        this.quietUntil = now + timeouts.firstToken().toNanos();
        this.watcher = Thread.ofVirtual().name("stream-watch").start(this::watch);
    }

    /// Why it closed itself; empty if it did not.
    Optional<ProviderError> expired() {
        return Optional.ofNullable(expired);
    }

    @Override
    public int read() throws IOException {
        return heard(super.read());
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return heard(super.read(buffer, offset, length));
    }

    @Override
    public void close() throws IOException {
        closed = true;
        LockSupport.unpark(watcher);
        super.close();
    }

    private int heard(int result) {
        quietUntil = System.nanoTime() + stall.toNanos();
        return result;
    }

    private void watch() {
        while (!closed) {
            long now = System.nanoTime();
            long left = Math.min(end - now, quietUntil - now);
            if (left <= 0) {
                expire(end - now <= 0 ? new ProviderError.TimedOut() : new ProviderError.Stalled());
                return;
            }
            LockSupport.parkNanos(left);
        }
    }

    private void expire(ProviderError reason) {
        expired = reason;
        try {
            in.close();
        } catch (IOException alreadyBroken) {
            // The reader hears of it.
        }
    }
}

package dev.parley.egress;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A connection for one request, and the place at its host. Closes at the end of the request's time by itself.
final class Connection implements AutoCloseable {

    /// The reader, who can say what was late, comes first.
    private static final long GRACE_MILLIS = 500;

    private final Vertx vertx;
    private final HttpConnection http;
    private final HostGates.Pass pass;
    private final long timer;
    private final AtomicBoolean closed = new AtomicBoolean();

    Connection(Vertx vertx, HttpConnection http, HostGates.Pass pass, Deadline deadline) {
        this.vertx = vertx;
        this.http = http;
        this.pass = pass;
        this.timer = vertx.setTimer(TimeUnit.NANOSECONDS.toMillis(deadline.nanos()) + GRACE_MILLIS, _ -> close());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            vertx.cancelTimer(timer);
            http.close();
            pass.leave();
        }
    }
}

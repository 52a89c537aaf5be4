package dev.parley.egress;

import dev.parley.egress.EgressError.Phase;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Where the event loop leaves an answer's body for the thread that reads it. Only as much comes in advance as fits:
/// the connection stops until some of it has been read.
final class InboundBody extends InputStream {

    /// Pieces in advance, each at most what the client reads at once (8 KiB).
    private static final int AHEAD = 16;

    private sealed interface Piece {
        record Bytes(byte[] bytes) implements Piece {}

        record End() implements Piece {}

        record Broken(Throwable cause) implements Piece {}
    }

    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final HttpClientResponse response;
    private final Context loop;
    private final WireFailure failures;
    private final Duration idle;
    private byte[] current = new byte[0];
    private int position;
    private boolean ended;

    private InboundBody(HttpClientResponse response, WireFailure failures, Duration idle) {
        this.response = response;
        this.loop = Objects.requireNonNull(Vertx.currentContext());
        this.failures = failures;
        this.idle = idle;
    }

    /// To be called on the event loop, when the head has come: whatever comes later finds its handler.
    ///
    /// @param idle how long its reader waits for more
    static InboundBody of(HttpClientResponse response, WireFailure failures, Duration idle) {
        var body = new InboundBody(response, failures, idle);
        response.pause();
        response.handler((Buffer bytes) -> body.pieces.add(new Piece.Bytes(bytes.getBytes())));
        response.endHandler(_ -> body.pieces.add(new Piece.End()));
        response.exceptionHandler(cause -> body.pieces.add(new Piece.Broken(cause)));
        response.fetch(AHEAD);
        return body;
    }

    @Override
    public int read() {
        return advance() ? current[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        int count = Math.min(length, current.length - position);
        System.arraycopy(current, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return current.length - position;
    }

    /// Whether there is a byte to read.
    private boolean advance() {
        while (position == current.length && !ended) {
            switch (next()) {
                case Piece.Bytes(byte[] bytes) -> {
                    current = bytes;
                    position = 0;
                    loop.runOnContext(_ -> response.fetch(1));
                }
                case Piece.End _ -> ended = true;
                case Piece.Broken(Throwable cause) -> throw failures.of(cause, Phase.BODY);
            }
        }
        return position < current.length;
    }

    private Piece next() {
        // Also where bytes wait: a server that never pauses would else never be late.
        long nanos = failures.deadline().nanos(idle);
        Piece piece = nanos == 0 ? null : poll(nanos);
        if (piece == null) {
            throw new EgressFailure(new EgressError.TimedOut(failures.host(), Phase.BODY));
        }
        return piece;
    }

    private @Nullable Piece poll(long nanos) {
        try {
            return pieces.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EgressFailure(new EgressError.Stopped(), interrupted);
        }
    }
}

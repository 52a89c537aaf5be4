package dev.parley.problem;

import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import org.jboss.logging.Logger;

/// How an answer ends that has begun and cannot go on: with its connection, so that nobody takes it for whole. Over
/// HTTP/1.1 no other request shares that.
public final class BrokenOff {

    private static final Logger LOG = Logger.getLogger(BrokenOff.class);

    private BrokenOff() {}

    /// A body that breaks the answer off when it fails after its first byte, or has no reader any more. Such a
    /// failure must not get further: the server would close the connection for it in a way of which its own
    /// shutdown never hears.
    public static StreamingOutput by(RoutingContext http, StreamingOutput body) {
        return out -> {
            try {
                body.write(out);
            } catch (IOException | RuntimeException | Error failure) {
                if (!http.response().headWritten() && !http.response().closed()) {
                    throw failure;
                }
                log(failure);
                cut(http);
            }
        };
    }

    private static void log(Throwable failure) {
        switch (failure) {
            case IOException gone -> LOG.debugf("A client left its answer: %s", gone.getMessage());
            case Problem problem -> LOG.warnf("An answer is broken off: %s", problem.getMessage());
            default -> LOG.error("An answer is broken off", failure);
        }
    }

    /// At once: closing a connection the usual way waits until its client has taken everything, and what was written
    /// meanwhile would still be sent.
    public static void cut(RoutingContext http) {
        if (http.request().connection() instanceof ConnectionBase connection) {
            connection.channelHandlerContext().close();
        } else {
            http.request().connection().close();
        }
    }
}

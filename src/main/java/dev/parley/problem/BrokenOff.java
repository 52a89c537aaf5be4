package dev.parley.problem;

import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;

/// How an answer ends that has begun and cannot go on: with its connection, so that nobody takes it for whole. Over
/// HTTP/1.1 no other request shares that.
public final class BrokenOff {

    private BrokenOff() {}

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

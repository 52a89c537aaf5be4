package dev.parley.chat;

import dev.parley.invocation.Deadlines;
import dev.parley.problem.BrokenOff;
import dev.parley.problem.Problem;
import dev.parley.stream.ClientStream;
import dev.parley.stream.Connection;
import dev.parley.stream.Endings;
import dev.parley.stream.SseStreams;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import org.jboss.logging.Logger;

/// A stream as the body of an answer. A client that takes nothing or is gone is cut off, with its connection: over
/// HTTP/1.1 no other request shares that.
record StreamedBody(SseStreams sse, ClientStream client, Endings endings, RoutingContext http)
        implements StreamingOutput {

    private static final Logger LOG = Logger.getLogger(StreamedBody.class);

    /// A failure that cannot be told by a status any more must not leave here: the connection would be closed for it.
    @Override
    public void write(OutputStream out) {
        try {
            sse.write(client, new Connection(out, Deadlines.of(http), () -> BrokenOff.cut(http)), endings);
        } catch (IOException gone) {
            LOG.debugf("A client left its stream: %s", gone.getMessage());
            BrokenOff.cut(http);
        } catch (Problem failure) {
            if (!http.response().headWritten()) {
                throw failure;
            }
            LOG.warnf("A stream is broken off: %s", failure.getMessage());
            BrokenOff.cut(http);
        }
    }
}

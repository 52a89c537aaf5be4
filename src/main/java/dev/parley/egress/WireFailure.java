package dev.parley.egress;

import dev.parley.egress.EgressError.Part;
import dev.parley.egress.EgressError.Phase;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import javax.net.ssl.SSLException;

/// What failures of the HTTP client mean for one request.
record WireFailure(String host, Deadline deadline, long maxHeaderBytes) {

    EgressFailure of(Throwable thrown, Phase phase) {
        if (thrown instanceof EgressFailure failure) {
            return failure;
        }
        // At its end a request's connection is closed, which then looks as if the server had done it.
        return new EgressFailure(
                deadline.nanos() == 0 ? new EgressError.TimedOut(host, phase) : error(thrown, phase), thrown);
    }

    private EgressError error(Throwable thrown, Phase phase) {
        return switch (thrown) {
            case TooLongHttpHeaderException _ -> new EgressError.TooLarge(Part.HEADERS, maxHeaderBytes);
            case TooLongHttpLineException _ -> new EgressError.TooLarge(Part.HEADERS, maxHeaderBytes);
            case SSLException _ -> new EgressError.TlsFailed(host);
            case HttpClosedException _ -> closed(phase);
            case IOException _ -> closed(phase);
            default -> thrown.getCause() == null ? new EgressError.Malformed(host) : error(thrown.getCause(), phase);
        };
    }

    private EgressError closed(Phase phase) {
        return phase == Phase.CONNECTION ? new EgressError.ConnectionFailed(host) : new EgressError.BrokenOff(host);
    }
}

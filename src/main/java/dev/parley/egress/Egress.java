package dev.parley.egress;

import dev.parley.egress.EgressError.TooManyRedirects;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Sends requests to URLs that users named. Blocks the calling (virtual) thread; interrupting it breaks the request
/// off and closes its connection.
@ApplicationScoped
public class Egress {

    private static final Logger LOG = Logger.getLogger(Egress.class);

    private final EgressConfig config;
    private final Dialer dialer;

    Egress(EgressConfig config, Dialer dialer) {
        this.config = config;
        this.dialer = dialer;
    }

    /// A whole answer, held in memory.
    ///
    /// @throws EgressFailure if the request is not allowed, or goes wrong; never for the answer's status
    public EgressResponse fetch(EgressRequest request) {
        try (EgressStream stream = open(request, EgressLimits.whole(config))) {
            return new EgressResponse(
                    stream.url(),
                    stream.status(),
                    stream.headers(),
                    stream.body().readAllBytes());
        } catch (EgressFailure failure) {
            throw logged(failure, request);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible); // the body fails by its own failures
        }
    }

    /// An answer as it comes, with the longer limits of streams.
    ///
    /// @throws EgressFailure as `fetch` does; later failures come out of the stream
    public EgressStream open(EgressRequest request) {
        try {
            return open(request, EgressLimits.streamed(config));
        } catch (EgressFailure failure) {
            throw logged(failure, request);
        }
    }

    /// One answer as it comes, a redirect too: for who has a say in every host on the way.
    ///
    /// @throws EgressFailure as `open` does, and for a redirect that nobody may follow
    public EgressStream openHop(EgressRequest request) {
        try {
            EgressLimits limits = EgressLimits.streamed(config).and(request.limits());
            Hop hop = Hop.first(request);
            Answer answer = dialer.send(hop, limits, Deadline.in(limits.total()));
            try {
                return opened(answer, request, hop, limits);
            } catch (RuntimeException failure) {
                answer.close();
                throw failure;
            }
        } catch (EgressFailure failure) {
            throw logged(failure, request);
        }
    }

    private EgressStream open(EgressRequest request, EgressLimits configured) {
        EgressLimits limits = configured.and(request.limits());
        Deadline deadline = Deadline.in(limits.total());
        Hop hop = Hop.first(request);
        for (int redirects = 0; ; redirects++) {
            Answer answer = dialer.send(hop, limits, deadline);
            try {
                Optional<Hop> next = hop.after(answer);
                if (next.isEmpty()) {
                    return opened(answer, request, hop, limits);
                }
                if (redirects >= limits.redirects()) {
                    throw new EgressFailure(new TooManyRedirects(limits.redirects()));
                }
                answer.close();
                hop = next.get();
            } catch (RuntimeException failure) {
                answer.close();
                throw failure;
            }
        }
    }

    private static EgressStream opened(Answer answer, EgressRequest request, Hop hop, EgressLimits limits) {
        new MediaTypes(request.accepts()).check(answer, hop.method());
        InputStream body =
                answer.isEmpty(hop.method()) ? InputStream.nullInputStream() : answer.body(limits.maxBytes());
        LOG.infof("%s: %d", hop, answer.status());
        return new EgressStream(answer, body, hop.after(answer).map(Hop::url));
    }

    /// Who wanted it is in the log's context. No path, no query, no header: they hold secrets.
    private static EgressFailure logged(EgressFailure failure, EgressRequest request) {
        LOG.logf(
                failure.error().isRefusal() ? Logger.Level.WARN : Logger.Level.INFO,
                "%s to %s: %s",
                request.method(),
                origin(request),
                failure.error());
        return failure;
    }

    private static String origin(EgressRequest request) {
        try {
            return EgressUrl.parse(request.url()).origin();
        } catch (EgressFailure unreadable) {
            return "an invalid URL";
        }
    }
}

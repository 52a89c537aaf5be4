package dev.parley.egress;

import java.io.InputStream;
import java.util.Optional;

/// An answer whose body comes bit by bit. Whoever opens it closes it; what is forgotten closes itself at its total
/// limit.
///
/// Reading blocks, and throws [EgressFailure] for what goes wrong: late, too large, broken off, interrupted.
public final class EgressStream implements AutoCloseable {

    private final Answer answer;
    private final InputStream body;
    private final Optional<EgressUrl> redirect;

    EgressStream(Answer answer, InputStream body, Optional<EgressUrl> redirect) {
        this.answer = answer;
        this.body = body;
        this.redirect = redirect;
    }

    /// Where it came from, after redirects.
    public String url() {
        return answer.url().text();
    }

    /// The URL that it sends to; only [Egress#openHop] leaves that to its caller.
    public Optional<String> redirect() {
        return redirect.map(EgressUrl::text);
    }

    public int status() {
        return answer.status();
    }

    public EgressHeaders headers() {
        return answer.headers();
    }

    /// Decompressed and bounded.
    public InputStream body() {
        return body;
    }

    /// The body as server-sent events.
    public ServerSentEvents events() {
        return new ServerSentEvents(body);
    }

    /// Breaks off what has not been read.
    @Override
    public void close() {
        answer.close();
    }
}

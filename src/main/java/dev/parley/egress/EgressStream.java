package dev.parley.egress;

import java.io.InputStream;

/// An answer whose body comes bit by bit. Whoever opens it closes it; what is forgotten closes itself at its total
/// limit.
///
/// Reading blocks, and throws [EgressFailure] for what goes wrong: late, too large, broken off, interrupted.
public final class EgressStream implements AutoCloseable {

    private final Answer answer;
    private final InputStream body;

    EgressStream(Answer answer, InputStream body) {
        this.answer = answer;
        this.body = body;
    }

    /// Where it came from, after redirects.
    public String url() {
        return answer.url().text();
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

package dev.parley.model;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/// A request's body that knows whether the client has begun to send it, which it does once it is connected: from then
/// on the provider may work on the request.
final class SentBody implements BodyPublisher {

    private final BodyPublisher body;
    private volatile boolean sent;

    SentBody(BodyPublisher body) {
        this.body = body;
    }

    boolean isSent() {
        return sent;
    }

    @Override
    public long contentLength() {
        return body.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        sent = true;
        body.subscribe(subscriber);
    }
}

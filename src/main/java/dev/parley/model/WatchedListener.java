package dev.parley.model;

import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;

/// Tells a listener why its stream ended: an end that the body's own watch made is a time-out, not a lost connection.
final class WatchedListener implements ServerSentEventListener {

    private final ServerSentEventListener listener;
    private final WatchedBody body;
    private final AnswerCheck check;
    private boolean failed;

    WatchedListener(ServerSentEventListener listener, WatchedBody body, AnswerCheck check) {
        this.check = check;
        this.listener = listener;
        this.body = body;
    }

    @Override
    public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
        try {
            check.check(event.data());
        } catch (RuntimeException noAnswer) {
            context.parsingHandle().cancel();
            onError(noAnswer);
            return;
        }
        listener.onEvent(event, context);
    }

    @Override
    public void onError(Throwable failure) {
        failed = true;
        listener.onError(body.expired().map(ProviderFailure::new).orElseGet(() -> ProviderFailure.of(failure)));
    }

    /// After the last event.
    void end() {
        if (failed) {
            return;
        }
        if (body.expired().isPresent()) {
            onError(new ProviderFailure(body.expired().get()));
        } else {
            listener.onClose();
        }
    }
}

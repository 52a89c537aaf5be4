package dev.parley.model;

/// The one who listens to a stream failed, not the provider.
final class ListenerFailure extends RuntimeException {

    private final RuntimeException listener;

    ListenerFailure(RuntimeException listener) {
        super(listener);
        this.listener = listener;
    }

    RuntimeException unwrap() {
        return listener;
    }
}

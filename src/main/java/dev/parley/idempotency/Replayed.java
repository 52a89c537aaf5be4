package dev.parley.idempotency;

/// The request was answered before: ends it with that answer, whatever type its method returns.
final class Replayed extends RuntimeException {

    private final String body;

    Replayed(String body) {
        super("Answered before", null, false, false);
        this.body = body;
    }

    String body() {
        return body;
    }
}

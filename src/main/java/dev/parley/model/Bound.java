package dev.parley.model;

/// The most that a call may come to.
///
/// @param micros micro-dollars; zero for a model without a price
/// @param tokens of prompt and answer together
public record Bound(long micros, long tokens) {

    public static final Bound NOTHING = new Bound(0, 0);

    public Bound plus(Bound other) {
        return new Bound(micros + other.micros, tokens + other.tokens);
    }

    /// What covers both.
    Bound atLeast(Bound other) {
        return new Bound(Math.max(micros, other.micros), Math.max(tokens, other.tokens));
    }

    /// What of this is not covered by the other.
    public Bound beyond(Bound other) {
        return new Bound(Math.max(0, micros - other.micros), Math.max(0, tokens - other.tokens));
    }
}

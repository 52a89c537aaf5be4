package dev.parley.model;

/// What a reader of an answer's figures must know.
public enum Warning {
    /// The catalog has no price for the model: its cost counts as zero and is not.
    PRICE_UNKNOWN,
    /// The provider told no usage; tokens are counted by an approximate tokenizer.
    USAGE_ESTIMATED,
    /// The caller cancelled: the text ends where it was.
    CANCELLED
}

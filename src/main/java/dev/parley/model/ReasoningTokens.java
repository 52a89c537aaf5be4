package dev.parley.model;

/// Implemented by a vendor's token usage that knows how many output tokens went into reasoning, not into the answer.
public interface ReasoningTokens {

    int reasoningTokens();
}

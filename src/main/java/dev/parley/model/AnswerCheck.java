package dev.parley.model;

/// Looks at what a provider sent before its SDK does, for what the SDK does not read.
public interface AnswerCheck {

    /// @param answer a whole body, or the data of one event of a stream
    /// @throws ProviderFailure when it is no answer
    void check(String answer);
}

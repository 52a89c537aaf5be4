package dev.parley.model;

import dev.langchain4j.model.chat.request.ChatRequest;
import jakarta.enterprise.context.ApplicationScoped;

/// Chat models by alias.
@ApplicationScoped
public class ChatModels {

    /// Tokens that prompt and answer may have together.
    ///
    /// @throws dev.parley.problem.Problem (404, `model_not_found`) for an unknown alias
    public int contextWindow(String alias) {
        throw new UnsupportedOperationException();
    }

    /// Waits for the whole answer, retrying and falling back as the catalog says.
    ///
    /// @throws ModelFailure when no model of the chain answered
    public Generation generate(String alias, ChatRequest request) {
        throw new UnsupportedOperationException();
    }

    /// Streams the answer to the listener on the calling thread or another, one event at a time, and returns when it
    /// is complete. Retries and falls back only before the first event.
    ///
    /// @throws ModelFailure when no model answered, or the answer broke off after its first event
    public Generation stream(String alias, ChatRequest request, GenerationListener listener) {
        throw new UnsupportedOperationException();
    }
}

package dev.parley.model;

import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.Set;

/// What a request asks of a model, besides an answer.
///
/// @param promptTokens how many its prompt surely has, by whatever tokenizer
record Need(Set<Capability> capabilities, long promptTokens) {

    static Need of(ChatRequest request) {
        return new Need(Capability.neededFor(request), PromptTokens.atLeast(request));
    }
}

package dev.parley.model;

import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;

/// What hears a streamed answer here: LangChain4j's callbacks and the one they lack.
public interface RefusalHandler extends StreamingChatResponseHandler {

    /// A piece of a refusal. The complete message holds it whole: [Refusal#message].
    void onPartialRefusal(String delta, PartialResponseContext context);
}

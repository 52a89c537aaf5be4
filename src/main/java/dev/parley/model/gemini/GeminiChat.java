package dev.parley.model.gemini;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;

/// Whole answers.
record GeminiChat(ChatModel model) implements ChatModel {

    @Override
    public ChatResponse chat(ChatRequest request) {
        return GeminiUsage.in(model.chat(OnlyData.in(request)));
    }
}

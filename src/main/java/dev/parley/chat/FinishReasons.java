package dev.parley.chat;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;

/// OpenAI's words for why a model stopped.
public final class FinishReasons {

    private FinishReasons() {}

    /// Whether the model said all it had to say.
    static boolean isWhole(ChatResponse response) {
        return response.finishReason() != FinishReason.LENGTH && response.finishReason() != FinishReason.CONTENT_FILTER;
    }

    /// `length`, `content_filter`, `tool_calls` or `stop`.
    public static String of(ChatResponse response) {
        FinishReason reason = response.finishReason();
        if (reason == FinishReason.LENGTH) {
            return "length";
        }
        if (reason == FinishReason.CONTENT_FILTER) {
            return "content_filter";
        }
        return response.aiMessage().hasToolExecutionRequests() ? "tool_calls" : "stop";
    }
}

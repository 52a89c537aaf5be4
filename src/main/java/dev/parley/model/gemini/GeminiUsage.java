package dev.parley.model.gemini;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.googleai.GoogleAiGeminiTokenUsage;
import dev.langchain4j.model.output.TokenUsage;
import dev.parley.model.CachedTokens;
import dev.parley.model.ReasoningTokens;
import org.jspecify.annotations.Nullable;

/// Token usage as Google bills it: thoughts are output, which Gemini counts beside the answer's tokens and not among
/// them, and its prompt tokens include those from the cache.
final class GeminiUsage extends TokenUsage implements CachedTokens, ReasoningTokens {

    private final int cachedInputTokens;
    private final int reasoningTokens;

    private GeminiUsage(GoogleAiGeminiTokenUsage usage, int reasoningTokens) {
        super(usage.inputTokenCount(), orZero(usage.outputTokenCount()) + reasoningTokens);
        this.cachedInputTokens = orZero(usage.cachedContentTokenCount());
        this.reasoningTokens = reasoningTokens;
    }

    /// The same answer with this usage. An answer without any text has no count of its tokens, which is none.
    static ChatResponse in(ChatResponse response) {
        if (!(response.tokenUsage() instanceof GoogleAiGeminiTokenUsage usage) || usage.inputTokenCount() == null) {
            return response;
        }
        return response.toBuilder()
                .metadata(response.metadata().toBuilder()
                        .tokenUsage(new GeminiUsage(usage, orZero(usage.thoughtsTokenCount())))
                        .build())
                .build();
    }

    @Override
    public int cachedInputTokens() {
        return cachedInputTokens;
    }

    @Override
    public int reasoningTokens() {
        return reasoningTokens;
    }

    private static int orZero(@Nullable Integer count) {
        return count == null ? 0 : count;
    }
}

package dev.parley.model.openai;

import dev.langchain4j.model.openai.internal.shared.Usage;
import dev.langchain4j.model.output.TokenUsage;
import dev.parley.model.CachedTokens;
import org.jspecify.annotations.Nullable;

/// Token usage with what came from the provider's prompt cache.
final class OpenAiUsage extends TokenUsage implements CachedTokens {

    private final int cachedInputTokens;

    private OpenAiUsage(Usage usage, int cachedInputTokens) {
        super(usage.promptTokens(), usage.completionTokens(), usage.totalTokens());
        this.cachedInputTokens = cachedInputTokens;
    }

    static @Nullable OpenAiUsage of(@Nullable Usage usage) {
        if (usage == null) {
            return null;
        }
        var details = usage.promptTokensDetails();
        return new OpenAiUsage(usage, details == null || details.cachedTokens() == null ? 0 : details.cachedTokens());
    }

    @Override
    public int cachedInputTokens() {
        return cachedInputTokens;
    }
}

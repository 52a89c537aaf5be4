package dev.parley.model.openai;

import dev.langchain4j.model.openai.internal.shared.Usage;
import dev.langchain4j.model.output.TokenUsage;
import dev.parley.model.CachedTokens;
import dev.parley.model.ReasoningTokens;
import org.jspecify.annotations.Nullable;

/// Token usage with what came from the provider's prompt cache, and what went into reasoning.
final class OpenAiUsage extends TokenUsage implements CachedTokens, ReasoningTokens {

    private final int cachedInputTokens;
    private final int reasoningTokens;

    private OpenAiUsage(Usage usage) {
        super(usage.promptTokens(), usage.completionTokens(), usage.totalTokens());
        var prompt = usage.promptTokensDetails();
        this.cachedInputTokens = prompt == null || prompt.cachedTokens() == null ? 0 : prompt.cachedTokens();
        var completion = usage.completionTokensDetails();
        this.reasoningTokens =
                completion == null || completion.reasoningTokens() == null ? 0 : completion.reasoningTokens();
    }

    static @Nullable OpenAiUsage of(@Nullable Usage usage) {
        return usage == null ? null : new OpenAiUsage(usage);
    }

    @Override
    public int cachedInputTokens() {
        return cachedInputTokens;
    }

    @Override
    public int reasoningTokens() {
        return reasoningTokens;
    }
}

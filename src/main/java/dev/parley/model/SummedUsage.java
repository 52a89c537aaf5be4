package dev.parley.model;

import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import java.util.function.ToIntFunction;

/// Token usage of several answers together.
public final class SummedUsage extends TokenUsage implements CachedTokens, ReasoningTokens {

    private final int cached;
    private final int written;
    private final int reasoning;

    private SummedUsage(int input, int output, List<TokenUsage> of) {
        super(input, output);
        this.cached = sum(of, usage -> usage instanceof CachedTokens known ? known.cachedInputTokens() : 0);
        this.written = sum(of, usage -> usage instanceof CachedTokens known ? known.cacheWriteTokens() : 0);
        this.reasoning = sum(of, usage -> usage instanceof ReasoningTokens known ? known.reasoningTokens() : 0);
    }

    /// @param usages with input and output counts, as every [Generation] has them
    public static TokenUsage of(List<TokenUsage> usages) {
        return usages.size() == 1
                ? usages.getFirst()
                : new SummedUsage(
                        sum(usages, TokenUsage::inputTokenCount), sum(usages, TokenUsage::outputTokenCount), usages);
    }

    private static int sum(List<TokenUsage> usages, ToIntFunction<TokenUsage> count) {
        return usages.stream().mapToInt(count).sum();
    }

    @Override
    public int cachedInputTokens() {
        return cached;
    }

    @Override
    public int cacheWriteTokens() {
        return written;
    }

    @Override
    public int reasoningTokens() {
        return reasoning;
    }
}

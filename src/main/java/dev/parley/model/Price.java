package dev.parley.model;

import dev.langchain4j.model.output.TokenUsage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/// What tokens cost. Dollars per million tokens are micro-dollars per token.
record Price(BigDecimal input, BigDecimal cachedInput, BigDecimal cacheWrite, BigDecimal output) {

    /// Empty when the catalog has no price.
    static Optional<Price> of(ModelsConfig.Price config) {
        return config.input().flatMap(input -> config.output()
                .map(output -> new Price(
                        input,
                        config.cachedInput().orElse(input),
                        config.cacheWrite().orElse(input),
                        output)));
    }

    /// In micro-dollars, rounded up: a call that costs something never counts as free.
    long micros(TokenUsage usage) {
        int read = usage instanceof CachedTokens known ? known.cachedInputTokens() : 0;
        int written = usage instanceof CachedTokens known ? known.cacheWriteTokens() : 0;
        return rounded(times(cachedInput, read)
                .add(times(cacheWrite, written))
                .add(times(input, usage.inputTokenCount() - read - written))
                .add(times(output, usage.outputTokenCount())));
    }

    /// The most that so many tokens may cost, wherever the input comes from or goes to.
    long atMost(long inputTokens, long outputTokens) {
        return rounded(
                times(input.max(cacheWrite).max(cachedInput), inputTokens).add(times(output, outputTokens)));
    }

    /// What input alone costs, in micro-dollars, rounded up.
    static long micros(BigDecimal price, long tokens) {
        return rounded(times(price, tokens));
    }

    private static BigDecimal times(BigDecimal price, long tokens) {
        return price.multiply(BigDecimal.valueOf(tokens));
    }

    private static long rounded(BigDecimal micros) {
        return micros.setScale(0, RoundingMode.CEILING).longValueExact();
    }
}

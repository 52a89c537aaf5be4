package dev.parley.model;

import dev.langchain4j.model.output.TokenUsage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/// What tokens cost. Dollars per million tokens are micro-dollars per token.
record Price(BigDecimal input, BigDecimal cachedInput, BigDecimal output) {

    /// Empty when the catalog has no price.
    static Optional<Price> of(ModelsConfig.Price config) {
        return config.input().flatMap(input -> config.output()
                .map(output -> new Price(input, config.cachedInput().orElse(input), output)));
    }

    /// In micro-dollars, rounded up: a call that costs something never counts as free.
    long micros(TokenUsage usage, int cachedTokens) {
        int inputTokens = usage.inputTokenCount() == null ? 0 : usage.inputTokenCount();
        int outputTokens = usage.outputTokenCount() == null ? 0 : usage.outputTokenCount();
        return cachedInput
                .multiply(BigDecimal.valueOf(cachedTokens))
                .add(input.multiply(BigDecimal.valueOf(inputTokens - cachedTokens)))
                .add(output.multiply(BigDecimal.valueOf(outputTokens)))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    /// What input alone costs, in micro-dollars, rounded up.
    static long micros(BigDecimal price, int tokens) {
        return price.multiply(BigDecimal.valueOf(tokens))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }
}

package dev.parley.model;

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
    long micros(long inputTokens, long cachedTokens, long outputTokens) {
        return cachedInput
                .multiply(BigDecimal.valueOf(cachedTokens))
                .add(input.multiply(BigDecimal.valueOf(inputTokens - cachedTokens)))
                .add(output.multiply(BigDecimal.valueOf(outputTokens)))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    /// What input alone costs, in micro-dollars, rounded up.
    static long micros(BigDecimal price, long tokens) {
        return price.multiply(BigDecimal.valueOf(tokens))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }
}

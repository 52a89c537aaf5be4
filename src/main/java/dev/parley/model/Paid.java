package dev.parley.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.langchain4j.model.output.TokenUsage;
import io.quarkus.runtime.annotations.RegisterForReflection;

/// What one provider call came to: a line of the ledger.
///
/// @param model the alias that answered
/// @param cachedTokens how many of the input tokens the provider had in its cache
/// @param costMicros micro-dollars
/// @param estimated whether the provider told no usage, and tokens were counted here
@RegisterForReflection
public record Paid(
        String model,
        String provider,
        @JsonProperty("input_tokens") long inputTokens,
        @JsonProperty("cached_tokens") long cachedTokens,
        @JsonProperty("output_tokens") long outputTokens,
        @JsonProperty("cost_micros") long costMicros,
        boolean estimated) {

    static Paid of(Generation generation) {
        TokenUsage usage = generation.response().tokenUsage();
        return new Paid(
                generation.model(),
                generation.provider(),
                usage.inputTokenCount(),
                usage instanceof CachedTokens known ? known.cachedInputTokens() : 0,
                usage.outputTokenCount(),
                generation.costMicros(),
                generation.warnings().contains(Warning.USAGE_ESTIMATED));
    }

    public Bound total() {
        return new Bound(costMicros, inputTokens + outputTokens);
    }
}

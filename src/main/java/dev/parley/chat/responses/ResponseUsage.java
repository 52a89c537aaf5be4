package dev.parley.chat.responses;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.langchain4j.model.output.TokenUsage;
import dev.parley.chat.Receipt;
import dev.parley.model.CachedTokens;
import dev.parley.model.ReasoningTokens;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// OpenAI's token counts of a response.
@RegisterForReflection
record ResponseUsage(
        @JsonProperty("input_tokens") long inputTokens,
        @JsonProperty("input_tokens_details") InputDetails inputTokensDetails,
        @JsonProperty("output_tokens") long outputTokens,
        @JsonProperty("output_tokens_details") OutputDetails outputTokensDetails,
        @JsonProperty("total_tokens") long totalTokens) {

    @RegisterForReflection
    record InputDetails(@JsonProperty("cached_tokens") int cachedTokens) {}

    @RegisterForReflection
    record OutputDetails(@JsonProperty("reasoning_tokens") int reasoningTokens) {}

    static ResponseUsage of(@Nullable TokenUsage usage) {
        long input = usage == null ? 0 : usage.inputTokenCount();
        long output = usage == null ? 0 : usage.outputTokenCount();
        return new ResponseUsage(
                input,
                new InputDetails(usage instanceof CachedTokens known ? known.cachedInputTokens() : 0),
                output,
                new OutputDetails(usage instanceof ReasoningTokens known ? known.reasoningTokens() : 0),
                input + output);
    }

    /// Of an answer that broke off: what was paid, as far as it is known.
    static ResponseUsage of(Receipt.Tokens tokens) {
        return new ResponseUsage(
                tokens.input(),
                new InputDetails(0),
                tokens.output(),
                new OutputDetails(0),
                tokens.input() + tokens.output());
    }
}

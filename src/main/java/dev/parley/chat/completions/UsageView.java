package dev.parley.chat.completions;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.langchain4j.model.output.TokenUsage;
import dev.parley.model.CachedTokens;
import dev.parley.model.ReasoningTokens;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// OpenAI's token counts.
@RegisterForReflection
record UsageView(
        @JsonProperty("prompt_tokens") int promptTokens,
        @JsonProperty("completion_tokens") int completionTokens,
        @JsonProperty("total_tokens") int totalTokens,
        @JsonProperty("prompt_tokens_details") PromptDetails promptTokensDetails,
        @JsonProperty("completion_tokens_details") CompletionDetails completionTokensDetails) {

    @RegisterForReflection
    record PromptDetails(
            @JsonProperty("cached_tokens") int cachedTokens,
            @JsonProperty("audio_tokens") int audioTokens) {}

    @RegisterForReflection
    record CompletionDetails(
            @JsonProperty("reasoning_tokens") int reasoningTokens,
            @JsonProperty("audio_tokens") int audioTokens,
            @JsonProperty("accepted_prediction_tokens") int acceptedPredictionTokens,
            @JsonProperty("rejected_prediction_tokens") int rejectedPredictionTokens) {}

    static UsageView of(@Nullable TokenUsage usage) {
        int input = usage == null ? 0 : usage.inputTokenCount();
        int output = usage == null ? 0 : usage.outputTokenCount();
        return new UsageView(
                input,
                output,
                input + output,
                new PromptDetails(usage instanceof CachedTokens known ? known.cachedInputTokens() : 0, 0),
                new CompletionDetails(usage instanceof ReasoningTokens known ? known.reasoningTokens() : 0, 0, 0, 0));
    }
}

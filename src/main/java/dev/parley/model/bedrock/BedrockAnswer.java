package dev.parley.model.bedrock;

import dev.langchain4j.model.output.FinishReason;
import dev.parley.model.CachedUsage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;

/// What answers say of themselves.
final class BedrockAnswer {

    private BedrockAnswer() {}

    /// Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
    static FinishReason finishReason(String stopReason) {
        return switch (stopReason) {
            case "end_turn", "stop_sequence" -> FinishReason.STOP;
            case "tool_use" -> FinishReason.TOOL_EXECUTION;
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "guardrail_intervened", "content_filtered", "refusal" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    /// Null when there is no usage.
    static @Nullable CachedUsage usage(@Nullable TokenUsage usage) {
        if (usage == null || usage.inputTokens() == null || usage.outputTokens() == null) {
            return null;
        }
        return CachedUsage.of(
                new CachedUsage.Input(
                        usage.inputTokens(),
                        orZero(usage.cacheReadInputTokens()),
                        orZero(usage.cacheWriteInputTokens())),
                usage.outputTokens());
    }

    private static int orZero(@Nullable Integer count) {
        return count == null ? 0 : count;
    }
}

package dev.parley.model.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.output.FinishReason;
import dev.parley.model.CachedUsage;
import org.jspecify.annotations.Nullable;

/// What answers say of themselves.
final class AnthropicAnswer {

    private AnthropicAnswer() {}

    /// A refusal comes from a filter beside the model, which cuts the answer: what there is of it stays.
    ///
    /// Source: https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
    static FinishReason finishReason(String stopReason) {
        return switch (stopReason) {
            case "end_turn", "stop_sequence" -> FinishReason.STOP;
            case "tool_use" -> FinishReason.TOOL_EXECUTION;
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "refusal" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    /// Null when there is no usage.
    static @Nullable CachedUsage usage(JsonNode usage) {
        if (!usage.path("input_tokens").isNumber()
                || !usage.path("output_tokens").isNumber()) {
            return null;
        }
        return CachedUsage.of(
                new CachedUsage.Input(
                        usage.path("input_tokens").asInt(),
                        usage.path("cache_read_input_tokens").asInt(),
                        usage.path("cache_creation_input_tokens").asInt()),
                usage.path("output_tokens").asInt());
    }
}

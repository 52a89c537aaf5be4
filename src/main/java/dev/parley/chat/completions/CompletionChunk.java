package dev.parley.chat.completions;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.chat.Citation;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// OpenAI's `chat.completion.chunk`.
///
/// @param usage absent unless the client asked for it; then JSON null in every chunk but its own
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record CompletionChunk(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        @Nullable JsonNode usage,
        @Nullable ChunkParley parley) {

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Choice(
            int index,
            Delta delta,
            @Nullable Object logprobs,
            @JsonProperty("finish_reason") @Nullable String finishReason) {}

    /// What is new; the rest is left out.
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delta(
            @Nullable String role,
            @Nullable String content,
            @Nullable String refusal,
            @JsonProperty("tool_calls") @Nullable List<ToolCallView> toolCalls,
            @Nullable List<AnnotationView> annotations) {

        static final Delta NOTHING = new Delta(null, null, null, null, null);

        static Delta text(String text) {
            return new Delta(null, text, null, null, null);
        }

        static Delta refusal(String refusal) {
            return new Delta(null, null, refusal, null, null);
        }

        static Delta toolCall(ToolCallView call) {
            return new Delta(null, null, null, List.of(call), null);
        }

        static Delta annotation(Citation citation) {
            return new Delta(null, null, null, null, List.of(AnnotationView.of(citation)));
        }
    }
}

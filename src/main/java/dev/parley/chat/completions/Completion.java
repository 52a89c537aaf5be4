package dev.parley.chat.completions;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.langchain4j.data.message.AiMessage;
import dev.parley.chat.Answer;
import dev.parley.chat.FinishReasons;
import dev.parley.chat.ParleyView;
import dev.parley.model.Refusal;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// OpenAI's `chat.completion`.
///
/// @param created Unix seconds
/// @param model the alias that was asked for; the receipt names the one that answered
@RegisterForReflection
record Completion(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        UsageView usage,
        ParleyView parley) {

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Choice(
            int index,
            Message message,
            @Nullable Object logprobs,
            @JsonProperty("finish_reason") String finishReason) {}

    /// @param refusal what the model said instead of `content`, which is null then
    /// @param toolCalls null, and then left out, when there are none
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Message(
            String role,
            @Nullable String content,
            @Nullable String refusal,

            @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("tool_calls") @Nullable
            List<ToolCallView> toolCalls,

            List<AnnotationView> annotations) {}

    static Completion of(CompletionHead head, Answer answer) {
        return new Completion(
                head.id(),
                "chat.completion",
                head.created(),
                head.model(),
                List.of(new Choice(0, message(answer), null, FinishReasons.of(answer.response()))),
                UsageView.of(answer.response().tokenUsage()),
                ParleyView.of(answer));
    }

    private static Message message(Answer answer) {
        AiMessage message = answer.response().aiMessage();
        return new Message(
                "assistant",
                message.text(),
                Refusal.of(message).orElse(null),
                message.hasToolExecutionRequests()
                        ? message.toolExecutionRequests().stream()
                                .map(ToolCallView::whole)
                                .toList()
                        : null,
                answer.citations().stream().map(AnnotationView::of).toList());
    }
}

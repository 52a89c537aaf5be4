package dev.parley.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.tool.StoredCall;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What Parley adds to OpenAI's answer.
///
/// @param receipt absent where the turn ended without its owner
/// @param requiredAction absent where the turn is over
/// @param toolCalls what a turn that ended without its owner had called; the others have it in their receipt
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ParleyView(
        @Nullable Receipt receipt,
        @JsonProperty("required_action") @Nullable RequiredAction requiredAction,
        @JsonProperty("tool_calls") @Nullable List<Receipt.ToolLine> toolCalls) {

    public static ParleyView of(Receipt receipt) {
        return new ParleyView(receipt, null, null);
    }

    public static ParleyView of(Answer answer) {
        return new ParleyView(answer.receipt(), RequiredAction.of(answer.waiting()), null);
    }

    /// Null when there was none.
    public static @Nullable ParleyView of(List<StoredCall> calls) {
        return calls.isEmpty()
                ? null
                : new ParleyView(
                        null, null, calls.stream().map(Receipt.ToolLine::of).toList());
    }
}

package dev.parley.chat.completions;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.parley.chat.TurnEvent;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// A tool call, or a streamed piece of one. OpenAI sends `index` in pieces only, and id, type and name in the first
/// piece of a call only.
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record ToolCallView(
        @Nullable Integer index,
        @Nullable String id,
        @Nullable String type,
        Function function) {

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Function(@Nullable String name, String arguments) {}

    static ToolCallView whole(ToolExecutionRequest call) {
        return new ToolCallView(null, call.id(), "function", new Function(call.name(), call.arguments()));
    }

    static ToolCallView first(TurnEvent.ToolCallDelta delta) {
        return new ToolCallView(delta.index(), delta.id(), "function", new Function(delta.name(), delta.arguments()));
    }

    static ToolCallView further(TurnEvent.ToolCallDelta delta) {
        return new ToolCallView(delta.index(), null, null, new Function(null, delta.arguments()));
    }
}

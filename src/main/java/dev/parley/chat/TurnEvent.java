package dev.parley.chat;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.tool.ToolCall;
import dev.parley.tool.ToolResult;

/// What happens while an answer is generated, in order.
public sealed interface TurnEvent {

    /// What the turn answers from is there; the model is asked now.
    ///
    /// @param prompt whole, with what was remembered and found
    record Gathered(Evidence evidence, ChatRequest prompt) implements TurnEvent {}

    record TextDelta(String text) implements TurnEvent {}

    record RefusalDelta(String refusal) implements TurnEvent {}

    /// A marker in the text so far names a passage.
    record Cited(Citation citation) implements TurnEvent {}

    /// A piece of a call of a client's function; the first of an index carries id and name.
    record ToolCallDelta(int index, String id, String name, String arguments) implements TurnEvent {}

    /// A call of a tool of this side is made now.
    ///
    /// @param server the label of its server
    record ToolStarted(ToolCall call, String server) implements TurnEvent {}

    /// It is over, or has to wait for an approval.
    record ToolEnded(ToolResult result, String server) implements TurnEvent {}

    /// A call that an earlier turn asked for, and somebody decided since, is over.
    record ToolResumed(ToolResult result, String server) implements TurnEvent {}
}

package dev.parley.chat;

import dev.langchain4j.model.chat.request.ChatRequest;

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

    /// A piece of a tool call; the first of an index carries id and name.
    record ToolCallDelta(int index, String id, String name, String arguments) implements TurnEvent {}
}

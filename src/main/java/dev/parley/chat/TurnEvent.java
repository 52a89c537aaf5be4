package dev.parley.chat;

import dev.parley.problem.Problem;

/// What happens in a streamed turn, in order; ends with one of the last two.
sealed interface TurnEvent {

    record TextDelta(String text) implements TurnEvent {}

    record RefusalDelta(String refusal) implements TurnEvent {}

    /// A marker in the text so far names a passage.
    record Cited(Citation citation) implements TurnEvent {}

    /// A piece of a tool call; the first of an index carries id and name.
    record ToolCallDelta(int index, String id, String name, String arguments) implements TurnEvent {}

    record Completed(Answer answer) implements TurnEvent {}

    record Failed(Problem problem) implements TurnEvent {}
}

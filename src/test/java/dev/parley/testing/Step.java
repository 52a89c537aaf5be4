package dev.parley.testing;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// One thing the scripted provider does while it answers.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "step")
@JsonSubTypes({
    @JsonSubTypes.Type(Step.Text.class),
    @JsonSubTypes.Type(Step.ToolCall.class),
    @JsonSubTypes.Type(Step.Refusal.class),
    @JsonSubTypes.Type(Step.Pause.class),
    @JsonSubTypes.Type(Step.Gate.class),
    @JsonSubTypes.Type(Step.Stall.class),
    @JsonSubTypes.Type(Step.Cut.class),
    @JsonSubTypes.Type(Step.Raw.class),
    @JsonSubTypes.Type(Step.Failure.class)
})
public sealed interface Step {

    /// A piece of the answer's text.
    record Text(String delta) implements Step {}

    /// A piece of a tool call; id and name only with its first piece.
    record ToolCall(int index, String id, String name, String arguments) implements Step {}

    /// A piece of a refusal.
    record Refusal(String delta) implements Step {}

    /// Silence.
    record Pause(long millis) implements Step {}

    /// Silence until the test opens the gate with [ScriptedProvider#open].
    record Gate(String name) implements Step {}

    /// Silence until the client gives up.
    record Stall() implements Step {}

    /// The connection breaks.
    record Cut() implements Step {}

    /// An event's data as it is, well-formed or not; the whole body when the answer is not streamed.
    record Raw(String data) implements Step {}

    /// The answer turns into an error, in the words of the vendor's stream; only where it is streamed.
    record Failure(String type, String message) implements Step {}
}

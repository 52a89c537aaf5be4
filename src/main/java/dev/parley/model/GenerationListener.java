package dev.parley.model;

/// Hears a streamed answer as it comes.
public interface GenerationListener {

    void onText(String delta);

    /// A piece of what the model says instead of an answer.
    void onRefusal(String delta);

    /// A piece of a tool call: the first piece of an index carries id and name, all carry a piece of the arguments.
    void onToolCall(int index, String id, String name, String argumentsDelta);

    /// Asked between events: `true` closes the provider's connection and ends the answer where it is.
    default boolean isCancelled() {
        return false;
    }
}

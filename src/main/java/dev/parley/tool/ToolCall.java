package dev.parley.tool;

/// A call that a model asked for.
///
/// @param arguments JSON, as the model wrote it
public record ToolCall(CallId id, String tool, String arguments) {

    public static ToolCall of(String tool, String arguments) {
        return new ToolCall(CallId.next(), tool, arguments);
    }
}

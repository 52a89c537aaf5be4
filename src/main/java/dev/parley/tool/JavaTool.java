package dev.parley.tool;

/// A tool written in Java: one file, with [ServerTool] on it and its arguments as a record inside.
///
/// The record is all there is to declare: components with [Description], `@Nullable` (or `Optional`) where they may be
/// left out, and constraints of `jakarta.validation` become the JSON schema, and every call is held to it.
///
/// @param <A> carries `@RegisterForReflection`
public interface JavaTool<A extends Record> {

    Class<A> arguments();

    /// @return what the model reads
    /// @throws ToolFailure with words for the model
    String call(A arguments, Invocation invocation);

    /// What became of an effect whose answer was lost.
    default EffectCheck check(A arguments, Invocation invocation) {
        return EffectCheck.UNKNOWN;
    }
}

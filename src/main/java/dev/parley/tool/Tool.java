package dev.parley.tool;

/// A tool that runs on this side, whatever it is made of.
public interface Tool {

    ToolInfo info();

    /// Runs one call. It is on a thread of its own, which is interrupted when the time of [Invocation#timeout] is
    /// over or nobody wants the answer any more.
    ///
    /// @return what the model reads
    /// @throws ToolFailure with words for the model, which say whether there may have been an effect
    String call(Invocation invocation);

    /// What became of an effect whose answer was lost. Only tools that can be asked know.
    default EffectCheck check(Invocation invocation) {
        return EffectCheck.UNKNOWN;
    }
}

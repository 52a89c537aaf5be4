package dev.parley.tool;

/// A call that went wrong. Its message is for the model: what was wrong and what to do, nothing internal.
public final class ToolFailure extends RuntimeException {

    private final boolean mayHaveHappened;

    private ToolFailure(String forModel, boolean mayHaveHappened) {
        super(forModel);
        this.mayHaveHappened = mayHaveHappened;
    }

    /// Nothing happened: the call was refused, or never arrived.
    public static ToolFailure withoutEffect(String forModel) {
        return new ToolFailure(forModel, false);
    }

    /// Nobody here knows whether it happened: no answer, or one that does not tell.
    public static ToolFailure inDoubt(String forModel) {
        return new ToolFailure(forModel, true);
    }

    public boolean mayHaveHappened() {
        return mayHaveHappened;
    }
}

package dev.parley.tool;

/// A tool out of a declaration.
record DeclaredTool(Declaration declaration, Tool tool) implements Tool {

    @Override
    public ToolInfo info() {
        return tool.info();
    }

    @Override
    public String call(Invocation invocation) {
        return tool.call(invocation);
    }

    @Override
    public EffectCheck check(Invocation invocation) {
        return tool.check(invocation);
    }
}

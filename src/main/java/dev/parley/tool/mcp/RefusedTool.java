package dev.parley.tool.mcp;

/// A remote server offers a tool that is not taken.
final class RefusedTool extends RuntimeException {

    /// @param why for admins
    RefusedTool(String why) {
        super(why, null, false, false);
    }
}

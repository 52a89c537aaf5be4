package dev.parley.tool.mcp;

import org.jspecify.annotations.Nullable;

/// A server's tool: what an admin accepted of it, and what the server says now.
///
/// @param name the server's
/// @param toolName ours
/// @param accepted what is used; null if nobody accepted it yet
/// @param offered null if the server does not offer it any more
record PinnedTool(
        String name,
        String toolName,
        @Nullable Pin accepted,
        @Nullable Pin offered) {

    /// @param allowed whether it is on the server's list
    String state(boolean allowed) {
        if (offered == null) {
            return "gone";
        }
        if (accepted == null) {
            return "pending";
        }
        if (!allowed) {
            return "not_allowed";
        }
        return accepted.hash().equals(offered.hash()) ? "active" : "changed";
    }

    /// What waits for an admin.
    @Nullable
    Pin pending() {
        return offered != null && (accepted == null || !accepted.hash().equals(offered.hash())) ? offered : null;
    }
}

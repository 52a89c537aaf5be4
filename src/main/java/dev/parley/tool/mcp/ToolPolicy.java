package dev.parley.tool.mcp;

import dev.parley.tool.ToolInfo;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an admin says of a server's tools, by the server's names. What the server says of them does not count.
///
/// @param allowed null for all
/// @param readOnly all others have effects
/// @param scopes what a caller needs for any of them
record ToolPolicy(@Nullable Set<String> allowed, Set<String> readOnly, Approval approval, Set<String> scopes) {

    /// None is allowed until somebody chose.
    static final ToolPolicy DEFAULT = new ToolPolicy(Set.of(), Set.of(), Approval.DEFAULT, Set.of());

    boolean allows(String tool) {
        return allowed == null || allowed.contains(tool);
    }

    ToolInfo.Traits traits(String tool) {
        boolean effects = !readOnly.contains(tool);
        return new ToolInfo.Traits(scopes, effects, approval.isNeeded(tool, effects));
    }
}

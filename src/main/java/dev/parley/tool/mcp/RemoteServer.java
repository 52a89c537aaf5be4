package dev.parley.tool.mcp;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A remote server as an admin registered it.
///
/// @param headers its secrets
/// @param timeout null for the installation's
/// @param revision what it spoke when it was last asked
record RemoteServer(
        String label,
        String url,
        Map<String, String> headers,
        ToolPolicy policy,
        @Nullable Duration timeout,
        Revision revision) {

    RemoteServer speaking(Revision spoken) {
        return new RemoteServer(label, url, headers, policy, timeout, spoken);
    }

    Endpoint endpoint(Duration limit) {
        return new Endpoint(url, headers, limit);
    }

    Duration timeoutOr(Duration installations) {
        return timeout == null ? installations : timeout;
    }

    /// Without its secrets.
    @Override
    public String toString() {
        return "MCP server " + label;
    }
}

package dev.parley.tool.mcp;

import java.time.Duration;
import java.util.Map;

/// Where a remote server is reached.
///
/// @param headers with its secrets
/// @param timeout of one thing that is asked of it, with all the requests that takes
record Endpoint(String url, Map<String, String> headers, Duration timeout) {

    /// Neither a path nor a header: they hold secrets.
    @Override
    public String toString() {
        return "an MCP server";
    }
}

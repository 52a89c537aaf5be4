/// The Model Context Protocol, both ways, over streamable HTTP. Source: https://modelcontextprotocol.io/specification
///
/// [McpResource] serves the tools of whoever asks at `/mcp`; [RemoteTools] are those of servers that admins registered
/// at `/v1/mcp_servers`.
///
/// Guarantees: no state outlives a request, on either side; a caller sees and calls what it may, through the ledger;
/// what a remote server says of its tools is text of a stranger: it is cleaned, bounded and pinned, takes no part in
/// any decision, and a change of it waits for an admin; a turn needs no network to know them.
///
/// Not here: calls, approvals and the ledger (`tool`), which URLs are reached (`egress`), OAuth.
@NullMarked
package dev.parley.tool.mcp;

import org.jspecify.annotations.NullMarked;

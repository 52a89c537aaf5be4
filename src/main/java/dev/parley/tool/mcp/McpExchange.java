package dev.parley.tool.mcp;

import dev.parley.identity.Caller;
import org.jspecify.annotations.Nullable;

/// A request whose revision is settled.
///
/// @param keyHeader its `Idempotency-Key`
record McpExchange(
        Caller caller,
        Revision revision,
        RpcRequest request,
        @Nullable String keyHeader) {}

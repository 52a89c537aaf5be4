package dev.parley.tool.mcp;

import java.time.Instant;
import java.util.Map;

/// A server with what is known of it.
///
/// @param refused tools that it offers and that are not taken, and why
record Registered(RemoteServer server, Map<String, String> refused, Instant refreshedAt, Instant createdAt) {}

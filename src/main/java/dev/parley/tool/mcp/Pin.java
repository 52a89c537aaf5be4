package dev.parley.tool.mcp;

/// A definition by its hash.
record Pin(Definition definition, String hash) {}

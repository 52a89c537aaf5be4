package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;

/// A call of a remote tool.
///
/// @param name the server's
/// @param effect the same for every try of it
record RemoteCall(String name, JsonNode arguments, UUID effect, MirroredArguments mirrored) {}

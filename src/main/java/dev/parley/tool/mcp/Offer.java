package dev.parley.tool.mcp;

import java.util.Map;
import java.util.SortedMap;

/// All that a server offers at one time.
///
/// @param tools by the server's names
/// @param refused what of it is not taken, and why
record Offer(Revision revision, SortedMap<String, Definition> tools, Map<String, String> refused) {}

package dev.parley.model;

import java.util.Set;

/// What users of a chat model need to know.
///
/// @param contextWindow tokens of prompt and answer together
public record ChatModelInfo(String alias, int contextWindow, int maxOutputTokens, Set<Capability> capabilities) {}

package dev.parley.model;

import java.util.List;
import java.util.Set;

/// Vectors in the order of their texts, each of length one.
///
/// @param costMicros in micro-dollars; look for [Warning#PRICE_UNKNOWN]
public record Embeddings(List<float[]> vectors, int promptTokens, long costMicros, Set<Warning> warnings) {}

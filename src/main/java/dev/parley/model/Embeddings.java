package dev.parley.model;

import java.util.List;

/// Vectors in the order of their texts, each of length one.
public record Embeddings(List<float[]> vectors, int promptTokens, long costMicros) {}

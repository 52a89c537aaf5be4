package dev.parley.model;

/// What users of an embedding model need to know.
///
/// @param maxInputTokens of one text, special tokens excluded
public record EmbeddingModelInfo(String alias, int dimensions, int maxInputTokens) {}

package dev.parley.knowledge;

/// A chunk and what one ranking gives it.
record Scored(long chunk, double score) {}

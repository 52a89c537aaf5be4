package dev.parley.knowledge;

import java.util.List;

/// @param degraded true when a store was searched by BM25 alone for want of an embedding model
public record SearchResult(List<Hit> hits, boolean degraded) {}

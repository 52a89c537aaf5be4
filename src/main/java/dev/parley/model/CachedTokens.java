package dev.parley.model;

/// Implemented by a vendor's token usage that knows how many input tokens came from the provider's cache.
public interface CachedTokens {

    int cachedInputTokens();
}

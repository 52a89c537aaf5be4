package dev.parley.model;

/// Implemented by a vendor's token usage that knows the provider's prompt cache. Input tokens count all of them,
/// cached or not.
public interface CachedTokens {

    /// How many input tokens came from the cache.
    int cachedInputTokens();

    /// How many input tokens were put into the cache, where that has a price of its own.
    default int cacheWriteTokens() {
        return 0;
    }
}

package dev.parley.model;

import dev.langchain4j.model.output.TokenUsage;

/// Token usage of vendors that count what they read from a prompt cache, and what they wrote to it, beside the rest
/// of the input and not among it.
public final class CachedUsage extends TokenUsage implements CachedTokens {

    private final int read;
    private final int written;

    private CachedUsage(Input input, int outputTokens) {
        super(input.fresh + input.read + input.written, outputTokens);
        this.read = input.read;
        this.written = input.written;
    }

    /// @param fresh neither read from the cache nor written to it
    public record Input(int fresh, int read, int written) {}

    public static CachedUsage of(Input input, int outputTokens) {
        return new CachedUsage(input, outputTokens);
    }

    @Override
    public int cachedInputTokens() {
        return read;
    }

    @Override
    public int cacheWriteTokens() {
        return written;
    }
}

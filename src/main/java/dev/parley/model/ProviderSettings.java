package dev.parley.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How to reach a provider, out of the catalog.
///
/// @param maxCompletionTokens whether output limits go by that name instead of `max_tokens`
public record ProviderSettings(
        String name,
        @Nullable String baseUrl,
        @Nullable String apiKey,
        @Nullable String region,
        Timeouts timeouts,
        boolean maxCompletionTokens) {

    /// @param call of a whole call
    /// @param firstToken until a stream begins
    /// @param stall of silence within a stream
    public record Timeouts(Duration connect, Duration call, Duration firstToken, Duration stall) {}

    static ProviderSettings of(String name, ModelsConfig.Provider config) {
        return new ProviderSettings(
                name,
                config.baseUrl().orElse(null),
                config.apiKey().orElse(null),
                config.region().orElse(null),
                new Timeouts(
                        config.connectTimeout(), config.timeout(), config.firstTokenTimeout(), config.stallTimeout()),
                config.maxCompletionTokens());
    }

    @Override
    public String toString() {
        return name;
    }
}

package dev.parley.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// A rate limit as the API shows it.
///
/// @param subject null: each one of the scope is counted by itself
/// @param createdAt Unix seconds
@RegisterForReflection
record RateLimitView(
        String id,
        String object,
        String scope,
        @Nullable String subject,
        @JsonProperty("requests_per_minute") @Nullable Long requestsPerMinute,
        @JsonProperty("tokens_per_minute") @Nullable Long tokensPerMinute,
        @JsonProperty("created_at") long createdAt) {

    static RateLimitView of(RateLimit limit) {
        return new RateLimitView(
                limit.id().toString(),
                "rate_limit",
                limit.target().scope().code(),
                limit.target().shownSubject(),
                limit.ceilings().first(),
                limit.ceilings().second(),
                limit.createdAt().getEpochSecond());
    }
}

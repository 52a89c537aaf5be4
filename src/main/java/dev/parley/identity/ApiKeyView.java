package dev.parley.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A key as the API shows it. Times are Unix seconds.
///
/// @param value the secret, only in the answer that creates the key
@RegisterForReflection
record ApiKeyView(
        String object,
        String id,
        String name,
        @Nullable String value,
        @JsonProperty("redacted_value") String redactedValue,
        List<String> scopes,
        @Nullable String user,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("expires_at") @Nullable Long expiresAt,
        @JsonProperty("last_used_at") @Nullable Long lastUsedAt) {

    static ApiKeyView of(ApiKey key) {
        return of(key, null);
    }

    static ApiKeyView created(ApiKey key, ApiKeySecret secret) {
        return of(key, secret.value());
    }

    private static ApiKeyView of(ApiKey key, @Nullable String secret) {
        return new ApiKeyView(
                "api_key",
                ApiKeys.format(key.id),
                key.name,
                secret,
                key.prefix + "…",
                List.of(key.scopes),
                key.userId,
                key.createdAt.getEpochSecond(),
                seconds(key.expiresAt),
                seconds(key.lastUsedAt));
    }

    private static @Nullable Long seconds(@Nullable Instant time) {
        return time == null ? null : time.getEpochSecond();
    }
}

package dev.parley.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One call to one provider.
///
/// @param failure a short code such as `timeout` or `rate_limited`; null when it succeeded
public record Attempt(
        String model,
        String provider,
        Duration duration,
        @Nullable String failure) {}

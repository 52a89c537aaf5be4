package dev.parley.aws;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a service is.
///
/// @param region null for the configured one, or else the environment's
/// @param endpoint null for AWS' own; another for a service that speaks the same protocol
public record AwsLink(@Nullable String region, @Nullable URI endpoint) {

    /// The service of this environment, unless an endpoint is configured.
    public static AwsLink to(Optional<String> endpoint) {
        return new AwsLink(null, endpoint.map(URI::create).orElse(null));
    }
}

package dev.parley.aws;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// What calls to AWS have in common.
@ConfigMapping(prefix = "parley.aws")
interface AwsConfig {

    /// Where the services are. Without it the environment says so, as Lambda's does: `AWS_REGION`, or a profile.
    Optional<String> region();

    /// How long connecting may take.
    @WithDefault("2s")
    Duration connectTimeout();

    /// How long one attempt may go without an answer's beginning. Above what the largest upload takes on a slow line.
    @WithDefault("60s")
    Duration attemptTimeout();

    /// How often a call that failed is tried in all.
    @WithDefault("3")
    int attempts();

    S3 s3();

    /// Where objects are, when not in AWS' own S3.
    interface S3 {

        /// A store that speaks S3's protocol, by its URL.
        Optional<String> endpoint();

        /// Buckets in the path of a URL instead of its host name; most such stores need it.
        @WithDefault("false")
        boolean pathStyle();
    }
}

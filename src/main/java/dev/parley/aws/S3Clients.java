package dev.parley.aws;

import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// The clients of S3, made when they are first needed.
@ApplicationScoped
class S3Clients {

    /// Larger objects are written in parts, of which each is retried alone.
    private static final long LARGE = 16L * 1024 * 1024;

    private static final long PART = 8L * 1024 * 1024;

    private final AwsClients aws;
    private final AwsConfig.S3 config;
    private @Nullable S3AsyncClient client;
    private @Nullable S3Presigner presigner;

    S3Clients(AwsClients aws, AwsConfig config) {
        this.aws = aws;
        this.config = config.s3();
    }

    synchronized S3AsyncClient client() {
        S3AsyncClient known = client;
        if (known == null) {
            known = aws.open(
                    S3AsyncClient.builder()
                            .forcePathStyle(config.pathStyle())
                            .multipartEnabled(true)
                            .multipartConfiguration(
                                    parts -> parts.thresholdInBytes(LARGE).minimumPartSizeInBytes(PART)),
                    AwsLink.to(config.endpoint()));
            client = known;
        }
        return known;
    }

    synchronized S3Presigner presigner() {
        S3Presigner known = presigner;
        if (known == null) {
            AwsLink link = AwsLink.to(config.endpoint());
            var builder = S3Presigner.builder()
                    .credentialsProvider(aws.credentials())
                    .serviceConfiguration(S3Configuration.builder()
                            .pathStyleAccessEnabled(config.pathStyle())
                            .build());
            aws.region(link).ifPresent(builder::region);
            if (link.endpoint() != null) {
                builder.endpointOverride(link.endpoint());
            }
            known = builder.build();
            presigner = known;
        }
        return known;
    }
}

package dev.parley.job;

import dev.parley.aws.AwsClients;
import dev.parley.aws.AwsLink;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/// The way to SQS, opened when it is needed.
@ApplicationScoped
class Sqs {

    private final AwsClients aws;
    private final Optional<String> endpoint;
    private @Nullable SqsAsyncClient client;

    Sqs(AwsClients aws, JobConfig config) {
        this.aws = aws;
        this.endpoint = config.queues().endpoint();
    }

    synchronized SqsAsyncClient client() {
        SqsAsyncClient known = client;
        if (known == null) {
            known = aws.open(SqsAsyncClient.builder(), AwsLink.to(endpoint));
            client = known;
        }
        return known;
    }

    /// The URL of a queue: `arn:aws:sqs:eu-central-1:123456789012:name`.
    /// SQS names a queue by its URL, an event by this.
    String url(String arn) {
        String[] parts = arn.split(":", 6);
        if (parts.length < 6) {
            throw new IllegalArgumentException("'%s' is no ARN of a queue".formatted(arn));
        }
        String host = endpoint.orElseGet(
                () -> "https://sqs.%s.amazonaws.com%s".formatted(parts[3], parts[1].equals("aws-cn") ? ".cn" : ""));
        return "%s/%s/%s".formatted(host, parts[4], parts[5]);
    }
}

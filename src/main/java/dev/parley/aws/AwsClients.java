package dev.parley.aws;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.regions.Region;

/// Builds clients of AWS' services. They are dear to build and free to keep: a feature builds its own when it first
/// needs it.
@ApplicationScoped
public class AwsClients {

    private final AwsConfig config;
    private @Nullable SdkHttp http;
    private @Nullable AwsCredentialsProvider credentials;

    AwsClients(AwsConfig config) {
        this.config = config;
    }

    /// A client with this process' credentials, time-outs and retries.
    public <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> C open(B builder, AwsLink link) {
        return build(builder, link, http(), retried()).build();
    }

    /// A client without time-outs and retries but the one for connecting: whoever calls has its own.
    public <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> C bare(
            B builder, AwsLink link, Duration connectTimeout) {
        var calls = ClientOverrideConfiguration.builder().retryStrategy(AwsRetryStrategy.doNotRetry());
        return build(builder, link, new SdkHttp(connectTimeout), calls.build()).build();
    }

    private <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> B build(
            B builder, AwsLink link, SdkHttp http, ClientOverrideConfiguration calls) {
        builder.httpClient(http);
        // Answers go on where they were read; the SDK would start a pool of threads for them.
        builder.asyncConfiguration(answers ->
                answers.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
        builder.overrideConfiguration(calls);
        builder.credentialsProvider(credentials());
        region(link).ifPresent(builder::region);
        if (link.endpoint() != null) {
            builder.endpointOverride(link.endpoint());
        }
        return builder;
    }

    private ClientOverrideConfiguration retried() {
        return ClientOverrideConfiguration.builder()
                .apiCallAttemptTimeout(config.attemptTimeout())
                .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(config.attempts())
                        .build())
                .build();
    }

    /// The credentials of this process, for what is signed without being sent.
    public synchronized AwsCredentialsProvider credentials() {
        AwsCredentialsProvider known = credentials;
        if (known == null) {
            known = Credentials.ofThisProcess(System.getenv());
            credentials = known;
        }
        return known;
    }

    /// The region that a link stands for; empty where only the environment knows.
    public Optional<Region> region(AwsLink link) {
        return Optional.ofNullable(link.region()).or(config::region).map(Region::of);
    }

    /// Waits for an answer and throws what failed, as it failed. Whoever does not wait any longer ends the call.
    public static <T> T await(CompletableFuture<T> call) {
        try {
            return call.get();
        } catch (InterruptedException stopped) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw new CompletionException(stopped);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new CompletionException(failure.getCause());
        }
    }

    private synchronized SdkHttp http() {
        SdkHttp known = http;
        if (known == null) {
            known = new SdkHttp(config.connectTimeout());
            http = known;
        }
        return known;
    }
}

package dev.parley.model.bedrock;

import dev.parley.model.Capability;
import dev.parley.model.ChatModelSettings;
import dev.parley.model.ChatProvider;
import dev.parley.model.ProviderSettings;
import dev.parley.postgres.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;

/// Opens models on Bedrock. Retries are `model`'s, time-outs are kept by whoever waits.
@ApplicationScoped
class BedrockProvider implements ChatProvider {

    private final Json json;
    private final BedrockFailures failures;

    BedrockProvider(Json json, Clock clock) {
        this.json = json;
        this.failures = new BedrockFailures(clock);
    }

    @Override
    public String type() {
        return "bedrock";
    }

    /// It has no way to ask for some JSON without a schema.
    @Override
    public Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.JSON));
    }

    @Override
    public Client open(ChatModelSettings model, ProviderSettings provider) {
        BedrockRuntimeAsyncClient client = client(provider);
        var requests = new BedrockRequests(model, json);
        return new Client(
                new BedrockChat(client, requests, provider.timeouts(), failures),
                new BedrockStream(client, requests, provider.timeouts(), failures));
    }

    private static BedrockRuntimeAsyncClient client(ProviderSettings provider) {
        var client = BedrockRuntimeAsyncClient.builder()
                .httpClient(new SdkHttp(provider.timeouts().connect()))
                // Answers go on where they were read; the SDK would start a pool of threads for them.
                .asyncConfiguration(answers ->
                        answers.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                .overrideConfiguration(calls -> calls.retryStrategy(AwsRetryStrategy.doNotRetry()));
        if (provider.region() != null) {
            client.region(Region.of(provider.region()));
        }
        if (provider.baseUrl() != null) {
            client.endpointOverride(URI.create(provider.baseUrl()));
        }
        return client.build();
    }
}

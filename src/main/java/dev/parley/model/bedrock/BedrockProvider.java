package dev.parley.model.bedrock;

import dev.parley.aws.AwsClients;
import dev.parley.aws.AwsLink;
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
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;

/// Opens models on Bedrock. Retries are `model`'s, time-outs are kept by whoever waits.
@ApplicationScoped
class BedrockProvider implements ChatProvider {

    private final AwsClients aws;
    private final Json json;
    private final BedrockFailures failures;

    BedrockProvider(AwsClients aws, Json json, Clock clock) {
        this.aws = aws;
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

    private BedrockRuntimeAsyncClient client(ProviderSettings provider) {
        URI endpoint = provider.baseUrl() == null ? null : URI.create(provider.baseUrl());
        return aws.bare(
                BedrockRuntimeAsyncClient.builder(),
                new AwsLink(provider.region(), endpoint),
                provider.timeouts().connect());
    }
}

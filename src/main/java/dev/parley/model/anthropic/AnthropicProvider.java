package dev.parley.model.anthropic;

import dev.parley.model.Capability;
import dev.parley.model.ChatModelSettings;
import dev.parley.model.ChatProvider;
import dev.parley.model.ProviderSettings;
import dev.parley.model.Transports;
import dev.parley.postgres.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.Set;

/// Claude, from Anthropic itself or from whoever speaks its protocol.
@ApplicationScoped
class AnthropicProvider implements ChatProvider {

    private final Transports transports;
    private final Json json;

    AnthropicProvider(Transports transports, Json json) {
        this.transports = transports;
        this.json = json;
    }

    @Override
    public String type() {
        return "anthropic";
    }

    /// It has no way to ask for some JSON without a schema.
    @Override
    public Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.JSON));
    }

    @Override
    public Client open(ChatModelSettings model, ProviderSettings provider) {
        var api = new MessagesApi(transports.open(provider), json, provider);
        var requests = new AnthropicRequests(model, json);
        return new Client(new AnthropicChat(api, requests, json), new AnthropicStream(api, requests, json));
    }
}

package dev.parley.model.openai;

import dev.langchain4j.model.openai.internal.DefaultOpenAiClient;
import dev.langchain4j.model.openai.internal.OpenAiClient;
import dev.parley.model.Capability;
import dev.parley.model.ChatModelSettings;
import dev.parley.model.ChatProvider;
import dev.parley.model.EmbeddingProvider;
import dev.parley.model.ProviderHttp;
import dev.parley.model.ProviderSettings;
import dev.parley.model.Transports;
import dev.parley.postgres.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.Set;

/// Chat and embedding models of everybody who speaks OpenAI's protocol.
final class OpenAiProvider {

    private static final String TYPE = "openai";
    private static final String OPENAI = "https://api.openai.com/v1";

    private OpenAiProvider() {}

    @ApplicationScoped
    static class Chat implements ChatProvider {

        private final Transports transports;
        private final Json json;

        Chat(Transports transports, Json json) {
            this.transports = transports;
            this.json = json;
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Set<Capability> capabilities() {
            return EnumSet.allOf(Capability.class);
        }

        @Override
        public Client open(ChatModelSettings model, ProviderSettings provider) {
            OpenAiClient client = client(transports.open(provider), provider);
            var requests = new OpenAiRequests(model.name(), provider.maxCompletionTokens(), new OpenAiTools(json));
            return new Client(new OpenAiChat(client, requests), new OpenAiStream(client, requests, json));
        }
    }

    @ApplicationScoped
    static class Embeddings implements EmbeddingProvider {

        private final Transports transports;

        Embeddings(Transports transports) {
            this.transports = transports;
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Client open(String modelName, ProviderSettings provider) {
            return new OpenAiEmbeddings(client(transports.open(provider), provider), modelName);
        }
    }

    private static OpenAiClient client(ProviderHttp http, ProviderSettings provider) {
        return DefaultOpenAiClient.builder()
                .httpClientBuilder(http.asBuilder())
                .baseUrl(provider.baseUrl() == null ? OPENAI : provider.baseUrl())
                .apiKey(provider.apiKey())
                .userAgent("parley")
                .build();
    }
}

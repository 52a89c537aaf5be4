package dev.parley.model.gemini;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.googleai.GoogleAiEmbeddingModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.parley.model.Capability;
import dev.parley.model.ChatModelSettings;
import dev.parley.model.ChatProvider;
import dev.parley.model.EmbeddingProvider;
import dev.parley.model.ProviderSettings;
import dev.parley.model.Transports;
import dev.parley.postgres.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.Set;

/// Chat and embedding models of Google's Gemini API.
final class GeminiProvider {

    private static final String TYPE = "gemini";

    private GeminiProvider() {}

    @ApplicationScoped
    static class Chat implements ChatProvider {

        private final Transports transports;

        private final BlockedPrompt blockedPrompt;

        Chat(Transports transports, Json json) {
            this.transports = transports;
            this.blockedPrompt = new BlockedPrompt(json);
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
            HttpClientBuilder http = transports.open(provider).asBuilder(blockedPrompt);
            var whole = GoogleAiGeminiChatModel.builder()
                    .httpClientBuilder(http)
                    .baseUrl(provider.baseUrl())
                    .apiKey(provider.apiKey())
                    .modelName(model.name())
                    .maxRetries(0)
                    .build();
            var streamed = GoogleAiGeminiStreamingChatModel.builder()
                    .httpClientBuilder(http)
                    .baseUrl(provider.baseUrl())
                    .apiKey(provider.apiKey())
                    .modelName(model.name())
                    .build();
            return new Client(new GeminiChat(whole), new GeminiStream(streamed));
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
            return new GeminiEmbeddings(dimensions -> GoogleAiEmbeddingModel.builder()
                    .httpClientBuilder(transports.open(provider).asBuilder())
                    .baseUrl(provider.baseUrl())
                    .apiKey(provider.apiKey())
                    .modelName(modelName)
                    .outputDimensionality(dimensions)
                    .maxRetries(0)
                    .build());
        }
    }
}

package dev.parley.model.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.sse.DefaultServerSentEventParser;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.parley.model.ProviderError;
import dev.parley.model.ProviderFailure;
import dev.parley.model.ProviderHttp;
import dev.parley.model.ProviderSettings;
import dev.parley.postgres.Json;

/// The one endpoint.
///
/// Source: https://platform.claude.com/docs/en/api/messages
record MessagesApi(ProviderHttp http, Json json, ProviderSettings provider) {

    private static final String ANTHROPIC = "https://api.anthropic.com/v1";
    private static final String VERSION = "2023-06-01";

    JsonNode send(ObjectNode body) {
        String answer = http.execute(request(body)).body();
        try {
            return json.tree(answer);
        } catch (IllegalArgumentException malformed) {
            throw new ProviderFailure(new ProviderError.Malformed(), malformed);
        }
    }

    /// Returns when the stream has ended.
    void stream(ObjectNode body, ServerSentEventListener listener) {
        http.execute(request(body.put("stream", true)), new DefaultServerSentEventParser(), listener);
    }

    private HttpRequest request(ObjectNode body) {
        return HttpRequest.builder()
                .method(HttpMethod.POST)
                .url(provider.baseUrl() == null ? ANTHROPIC : provider.baseUrl(), "messages")
                .addHeader("Content-Type", "application/json")
                .addHeader("User-Agent", "parley")
                .addHeader("anthropic-version", VERSION)
                .addHeader("x-api-key", provider.apiKey() == null ? "" : provider.apiKey())
                .body(json.write(body))
                .build();
    }
}

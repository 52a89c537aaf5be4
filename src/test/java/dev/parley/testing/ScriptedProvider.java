package dev.parley.testing;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;

/// A provider that answers as told: OpenAI's chat completions and embeddings over real HTTP.
///
/// Every @QuarkusTest has it, behind the aliases of [ScriptedProviderResource]. A script belongs to the requests that
/// contain its marker, so tests do not get in each other's way:
///
/// ```java
/// var script = ScriptedProvider.script(Reply.rateLimited(), Reply.text("Hello you."));
/// // send a chat completion with model "scripted" and the user message "Hi " + script.marker()
/// assertThat(script.requests()).hasSize(2);
/// ```
///
/// Replies are used in order, the last one again and again. A request without a marker is answered with
/// `You said: <the last user message>`.
public final class ScriptedProvider {

    static final String URL_PROPERTY = "test.scripted-provider.url";
    static final ObjectMapper JSON = new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private ScriptedProvider() {}

    /// Installs a script.
    public static Script script(Reply... replies) {
        return script(url(), replies);
    }

    /// Installs a script at a provider that a plain test started itself.
    public static Script script(String url, Reply... replies) {
        var script = new Script(url, "script-" + UUID.randomUUID());
        send(HttpRequest.newBuilder(URI.create(url + "/scripts/" + script.marker()))
                .timeout(Duration.ofSeconds(10))
                .PUT(HttpRequest.BodyPublishers.ofString(write(replies)))
                .build());
        return script;
    }

    /// Lets answers go on that wait at a [Step.Gate].
    public static void open(Step.Gate gate) {
        send(HttpRequest.newBuilder(URI.create(url() + "/gates/" + gate.name()))
                .timeout(Duration.ofSeconds(10))
                .build());
    }

    /// Where it listens, without `/v1`.
    public static String url() {
        return ConfigProvider.getConfig().getValue(URL_PROPERTY, String.class);
    }

    /// @param marker what a request must contain, anywhere in its body, to get the script's replies
    public record Script(String url, String marker) {

        /// The requests that carried the marker so far, in order.
        public List<RecordedRequest> requests() {
            String body = send(HttpRequest.newBuilder(URI.create(url + "/scripts/" + marker))
                    .build());
            try {
                return JSON.readValue(body, new TypeReference<>() {});
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private static String write(Reply[] replies) {
        try {
            return JSON.writerFor(Reply[].class).writeValueAsString(replies);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}

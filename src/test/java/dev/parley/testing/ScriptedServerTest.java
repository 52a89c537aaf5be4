package dev.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptedServerTest {

    private final ScriptedServer server = new ScriptedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void repliesComeInOrderAndTheLastOneStays() throws Exception {
        var script = ScriptedProvider.script(server.url(), Reply.rateLimited(3), Reply.text("Hello you."));

        HttpResponse<String> first = post(script.marker(), true);
        assertThat(first.statusCode()).isEqualTo(429);
        assertThat(first.headers().firstValue("Retry-After")).contains("3");
        for (int i = 0; i < 2; i++) {
            assertThat(post(script.marker(), true).body())
                    .contains("\"content\":\"Hello \"", "\"content\":\"you.\"", "data: [DONE]");
        }
        assertThat(post(script.marker(), false).body()).contains("\"content\":\"Hello you.\"", "\"usage\":");
        assertThat(script.requests()).hasSize(4).allMatch(request -> !request.clientClosed());
        assertThat(script.requests().getFirst().message(-1)).contains(script.marker());
    }

    @Test
    void aCutBreaksTheConnection() {
        var script = ScriptedProvider.script(
                server.url(), Reply.steps(new Step.Text("Hel"), new Step.Cut(), new Step.Stall()));

        assertThatThrownBy(() -> post(script.marker(), true)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> post(script.marker(), false)).isInstanceOf(IOException.class);
    }

    @Test
    void aRequestWithoutAScriptIsEchoed() throws Exception {
        assertThat(post("hello", false).body()).contains("You said: hello");
    }

    private HttpResponse<String> post(String text, boolean stream) throws Exception {
        String body =
                "{\"model\":\"m\",\"stream\":%s,\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                        .formatted(stream, text);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(server.url() + "/v1/chat/completions"))
                                .timeout(Duration.ofSeconds(10))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}

package dev.parley.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.parley.postgres.Ids;
import dev.parley.testing.Api;
import dev.parley.testing.LocalLambda;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.Step;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The packaged application behind `./dev lambda`: turns stream through the whole way of a Lambda function.
@QuarkusTest
@Tag("packaged")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalLambdaTurnsIT {

    private static final String MODEL = "scripted-patient";

    private final Step.Gate gate = new Step.Gate("lambda-" + Ids.next());
    private LocalLambda lambda;
    private String key;

    @BeforeAll
    void start() throws Exception {
        var config = new HashMap<>(ParleyProcess.scripted());
        config.put("quarkus.flyway.migrate-at-start", "false");
        config.put("parley.identity.bootstrap-key", "");
        lambda = LocalLambda.ofParley(config);
        key = Api.newTenant();
    }

    @AfterAll
    void stop() throws Exception {
        lambda.close();
    }

    @Test
    void anOpenAiClientStreamsThroughIt() {
        Script script = ScriptedProvider.script(Reply.text("Fine, thank you."));
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl(lambda.url() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .build();

        var text = new StringBuilder();
        try (var stream = client.chat()
                .completions()
                .createStreaming(ChatCompletionCreateParams.builder()
                        .model(MODEL)
                        .addUserMessage("How are you? " + script.marker())
                        .build())) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .forEach(text::append);
        }

        assertThat(text).hasToString("Fine, thank you.");
    }

    @Test
    void whatWasSaidArrivesBeforeTheTurnEnds() throws Exception {
        Script script =
                ScriptedProvider.script(Reply.steps(new Step.Text("Once upon"), gate, new Step.Text(" a time.")));
        try (var socket = new Socket("127.0.0.1", lambda.port())) {
            ask(socket, script);
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));

            assertThat(in.readLine()).startsWith("HTTP/1.1 200");
            String line = in.readLine();
            while (!line.contains("Once upon")) {
                line = in.readLine();
            }
            ScriptedProvider.open(gate);

            var rest = new StringBuilder();
            while (!line.equals("0")) {
                line = in.readLine();
                rest.append(line).append('\n');
            }
            assertThat(rest).contains(" a time.", "data: [DONE]");
        }
    }

    private void ask(Socket socket, Script script) throws IOException {
        String body = "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(MODEL, script.marker());
        String request = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    }
}

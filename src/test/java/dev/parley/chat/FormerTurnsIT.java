package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.postgres.Transactions;
import dev.parley.testing.Api;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A request is sent again that could not be served any more: it was, and whoever asks gets that answer.
@QuarkusTest
@Tag("packaged")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormerTurnsIT {

    /// Models that only the process of yesterday has.
    private static final String MODEL = "scripted-yesterday";

    private static final String EMBEDDING = "scripted-embedding-yesterday";

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private ParleyProcess yesterday;

    @BeforeAll
    void start() throws Exception {
        yesterday = ParleyProcess.start(config());
    }

    @AfterAll
    void stop() {
        yesterday.close();
    }

    @ParameterizedTest
    @CsvSource({"/v1/chat/completions, messages", "/v1/responses, input"})
    void anAnswerOutlivesItsModel(String path, String messages) {
        Script script = ScriptedProvider.script(Reply.text("Hello you."));
        String key = UUID.randomUUID().toString();
        String body = body(MODEL, messages, "Hi " + script.marker());

        Response first = send(yesterday.url(), key, path, body);
        Response again = send(Api.url(), key, path, body);

        assertThat(first.statusCode()).isEqualTo(200);
        assertReplayed(again, first);
        assertThat(script.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"/v1/chat/completions, messages", "/v1/responses, input"})
    void aStreamOutlivesItsModel(String path, String messages) {
        Script script = ScriptedProvider.script(Reply.text("Hello you."));
        String key = UUID.randomUUID().toString();
        String body = "{\"stream\": true, "
                + body(MODEL, messages, "Hi " + script.marker()).substring(1);

        Response first = send(yesterday.url(), key, path, body);
        Response again = send(Api.url(), key, path, body);

        assertThat(first.asString()).contains("Hello ").startsWith(path.endsWith("responses") ? "event: " : "data: ");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.asString()).isEqualTo(first.asString());
        assertThat(script.requests()).hasSize(1);
    }

    @Test
    void vectorsOutliveTheirModel() {
        String key = UUID.randomUUID().toString();
        String body = "{\"model\": \"%s\", \"input\": \"hello\"}".formatted(EMBEDDING);

        Response first = send(yesterday.url(), key, "/v1/embeddings", body);
        Response again = send(Api.url(), key, "/v1/embeddings", body);

        assertThat(first.statusCode()).isEqualTo(200);
        assertReplayed(again, first);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerOutlivesTheItemItRefersTo(boolean streamed) {
        Script script = ScriptedProvider.script(Reply.text("Hello you."));
        String key = UUID.randomUUID().toString();
        String referred = send(Api.url(), "", "/v1/responses", body("scripted", "input", "Before"))
                .path("id");
        String item = tenant.request()
                .get("/v1/responses/" + referred + "/input_items")
                .path("data[0].id");
        String body = """
                {"model": "scripted", "stream": %s, "input": [{"type": "item_reference", "id": "%s"},
                 {"role": "user", "content": "Hi %s"}]}""".formatted(streamed, item, script.marker());
        Response first = send(Api.url(), key, "/v1/responses", body);
        assertThat(first.statusCode()).isEqualTo(200);
        tenant.request().delete("/v1/responses/" + referred).then().statusCode(200);

        Response again = send(Api.url(), key, "/v1/responses", body);

        assertThat(again.asString()).isEqualTo(first.asString());
        assertThat(script.requests()).hasSize(1);
        assertThat(send(Api.url(), "another", "/v1/responses", body).statusCode())
                .isEqualTo(400);
        assertThat(send(Api.url(), "", "/v1/responses", body).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aResponseInTheBackgroundOutlivesTheOneItContinues(boolean streamed) {
        String key = UUID.randomUUID().toString();
        String previous = send(Api.url(), "", "/v1/responses", body("scripted", "input", "Before"))
                .path("id");
        String body = """
                {"model": "scripted", "background": true, "stream": %s, "previous_response_id": "%s", "input": "And?"}""".formatted(streamed, previous);
        String first = send(Api.url(), key, "/v1/responses", body).asString();
        String id = first.replaceAll("(?s).*?\"id\" ?: ?\"(resp_[^\"]*)\".*", "$1");
        await().until(() ->
                tenant.request().get("/v1/responses/" + id).path("status").equals("completed"));
        tenant.request().delete("/v1/responses/" + previous).then().statusCode(200);

        Response again = send(Api.url(), key, "/v1/responses", body);

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.asString()).contains(id).contains("completed");
    }

    @Test
    void anotherRequestUnderTheKeyIsRefusedForWhatIsWrongWithIt() {
        String key = UUID.randomUUID().toString();
        send(yesterday.url(), key, "/v1/chat/completions", body(MODEL, "messages", "One"));

        Response other = send(Api.url(), key, "/v1/chat/completions", body(MODEL, "messages", "Two"));

        assertThat(other.statusCode()).isEqualTo(404);
        assertThat(other.<String>path("error.code")).isEqualTo("model_not_found");
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "true, true", "false, true"})
    void anAnswerThatWasDeletedIsGone(boolean streamed, boolean background) {
        TestTenant other = TestTenant.create();
        String body = "{\"model\": \"scripted\", \"stream\": %s, \"background\": %s, \"input\": \"Hi\"}"
                .formatted(streamed, background);
        String first = post(other, body).asString();
        String id = first.replaceAll("(?s).*?\"id\" ?: ?\"(resp_[^\"]*)\".*", "$1");
        await().until(() -> other.request().delete("/v1/responses/" + id).statusCode() == 200);

        assertThat(post(other, body).statusCode()).isEqualTo(404);

        assertThat(transactions.list(other.id(), "SELECT 1 FROM turn_events", row -> true))
                .isEmpty();
    }

    private static Response post(TestTenant tenant, String body) {
        return tenant.request().header("Idempotency-Key", "once").body(body).post("/v1/responses");
    }

    private static void assertReplayed(Response again, Response first) {
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.header("idempotency-replayed")).isEqualTo("true");
        assertThat(again.asString()).isEqualTo(first.asString());
    }

    /// @param key empty for none
    private Response send(String url, String key, String path, String body) {
        RequestSpecification request = tenant.request().baseUri(url).body(body);
        return (key.isEmpty() ? request : request.header("Idempotency-Key", key)).post(path);
    }

    private static String body(String model, String messages, String text) {
        return "{\"model\": \"%s\", \"%s\": [{\"role\": \"user\", \"content\": \"%s\"}]}"
                .formatted(model, messages, text);
    }

    private static Map<String, String> config() {
        var config = new HashMap<>(ParleyProcess.scripted());
        String model = "parley.models.chat." + MODEL + ".";
        config.put(model + "provider", "scripted");
        config.put(model + "name", "scripted");
        config.put(model + "context-window", "8192");
        config.put(model + "max-output-tokens", "1024");
        String embedding = "parley.models.embedding." + EMBEDDING + ".";
        config.put(embedding + "provider", "scripted");
        config.put(embedding + "name", "scripted-embedding");
        config.put(embedding + "dimensions", "8");
        config.put(embedding + "max-input-tokens", "100");
        config.put("parley.job.workers", "0");
        return config;
    }
}

package dev.parley.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testing.Api;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Prompts as turns use them, by both APIs.
@QuarkusTest
class PromptTurnsIT {

    private final TestPrompts prompts = TestPrompts.create();
    private final ScriptedProvider.Script script = ScriptedProvider.script(Reply.text("Hello you."));

    private ValidatableResponse respond(String json) {
        return prompts.author(json).post("/v1/responses").then();
    }

    private ValidatableResponse complete(String json) {
        return prompts.author(json).post("/v1/chat/completions").then();
    }

    private JsonNode sent() {
        return script.requests().getLast().body();
    }

    private List<String> sentMessages() {
        return sent().path("messages").findValuesAsText("content");
    }

    /// With everything that a version can bring, and `{{topic}}` and `{{tone}}` to fill in.
    private String full(String name) {
        String body = """
                {'name': '%s', 'model': 'priced-alone', 'messages': [
                   {'role': 'developer', 'content': 'Be {{tone}}. %s'},
                   {'role': 'user', 'content': 'What is {{topic}}?'}],
                 'variables': {'topic': {}, 'tone': {'type': 'enum', 'values': ['kind', 'brief'], 'default': 'kind'}},
                 'settings': {'temperature': 0.25, 'top_p': 0.5, 'max_output_tokens': 33, 'stop': ['END'], 'seed': 7,
                   'response_format': {'type': 'json_schema', 'json_schema': {'name': 'a', 'schema': {'type': 'object'}}}}}
                """.formatted(name, script.marker());
        String id = prompts.author(body)
                .post("/v1/prompts")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
        prompts.move(id, "production", "{'version': 1}").statusCode(200);
        return id;
    }

    private void assertAllOfItWasSent() {
        JsonNode sent = sent();
        assertThat(sentMessages()).containsExactly("Be kind. " + script.marker(), "What is love?");
        assertThat(sent.path("temperature").asDouble()).isEqualTo(0.25);
        assertThat(sent.path("top_p").asDouble()).isEqualTo(0.5);
        assertThat(sent.path("seed").asInt()).isEqualTo(7);
        assertThat(sent.path("stop").toString()).isEqualTo("[\"END\"]");
        assertThat(sent.at("/response_format/json_schema/name").asText()).isEqualTo("a");
        assertThat(sent.findValuesAsText("max_completion_tokens").contains("33")
                        || sent.findValuesAsText("max_tokens").contains("33"))
                .isTrue();
    }

    @Test
    void aResponseIsAllThatItsPromptSays() {
        String id = full("full");

        String response = respond("{'prompt': {'id': 'full', 'variables': {'topic': 'love'}}}")
                .statusCode(200)
                .body("model", equalTo("priced-alone"))
                .body("temperature", equalTo(0.25f))
                .body("max_output_tokens", equalTo(33))
                .body("text.format.type", equalTo("json_schema"))
                .body("prompt.id", equalTo(id))
                .body("prompt.version", equalTo("1"))
                .body("prompt.variables.topic", equalTo("love"))
                .body("prompt.resolved", nullValue())
                .body("parley.receipt.prompt.id", equalTo(id))
                .body("parley.receipt.prompt.name", equalTo("full"))
                .body("parley.receipt.prompt.version", equalTo(1))
                .body("parley.receipt.prompt.label", equalTo("production"))
                .extract()
                .path("id");

        assertAllOfItWasSent();
        prompts.author()
                .get("/v1/responses/%s/input_items".formatted(response))
                .then()
                .body("data", hasSize(1))
                .body("data[0].content[0].text", equalTo("What is love?"));
    }

    @Test
    void aChatCompletionIsAllThatItsPromptSays() {
        String id = full("full");

        complete("{'parley': {'prompt': {'id': '%s', 'version': 1, 'variables': {'topic': 'love'}}}}".formatted(id))
                .statusCode(200)
                .body("model", equalTo("priced-alone"))
                .body("parley.receipt.prompt.name", equalTo("full"))
                .body("parley.receipt.prompt.version", equalTo(1))
                .body("parley.receipt.prompt.label", nullValue());

        assertAllOfItWasSent();
    }

    @Test
    void streamsCarryItTooAndTheirReceiptNamesIt() {
        full("full");

        String response = respond("{'stream': true, 'prompt': {'id': 'full', 'variables': {'topic': 'love'}}}")
                .statusCode(200)
                .extract()
                .asString();
        assertAllOfItWasSent();
        String completion = complete(
                        "{'stream': true, 'parley': {'prompt': {'id': 'full', 'variables': {'topic': 'love'}}}}")
                .statusCode(200)
                .extract()
                .asString();
        assertAllOfItWasSent();

        assertThat(List.of(response, completion))
                .allSatisfy(events -> assertThat(events).contains("\"name\":\"full\",\"version\":1"));
    }

    @Test
    void whatARequestSaysItselfIsHeard() {
        full("full");

        respond(("{'model': 'scripted-alone', 'temperature': 1, 'max_output_tokens': 44, 'instructions': 'Sing.',"
                        + " 'text': {'format': {'type': 'text'}}, 'input': 'Hi.',"
                        + " 'prompt': {'id': 'full', 'variables': {'topic': 'love', 'tone': 'brief'}}}"))
                .statusCode(200)
                .body("model", equalTo("scripted-alone"))
                .body("temperature", equalTo(1.0f))
                .body("max_output_tokens", equalTo(44));

        assertThat(sentMessages())
                .containsExactly("Be brief. %s\n\nSing.".formatted(script.marker()), "What is love?", "Hi.");
        assertThat(sent().path("temperature").asDouble()).isEqualTo(1.0);
        assertThat(sent().path("top_p").asDouble()).isEqualTo(0.5);
        assertThat(sent().has("response_format")).isFalse();
    }

    @Test
    void valuesAreTextWhateverTheyHold() {
        full("full");

        respond(
                        "{'prompt': {'id': 'full', 'variables': {'topic': {'type': 'input_text', 'text': '{{tone}} $1 \\\\\\\\'}}}}")
                .statusCode(200);

        assertThat(sentMessages()).last().isEqualTo("What is {{tone}} $1 \\\\?");
    }

    @Test
    void examplesStandBeforeTheConversationAndAreNotRemembered() {
        String id = prompts.author(("{'name': 'shots', 'model': 'scripted-alone', 'messages': ["
                                + "{'role': 'system', 'content': 'Translate. %s'}, {'role': 'user', 'content': 'uno'},"
                                + " {'role': 'assistant', 'content': 'one'}]}")
                        .formatted(script.marker()))
                .post("/v1/prompts")
                .path("id");
        prompts.move(id, "production", "{'version': 1}");
        String conversation = prompts.author("{}").post("/v1/conversations").path("id");
        for (String said : List.of("due", "tre")) {
            complete(
                            "{'messages': [{'role': 'user', 'content': '%s'}], 'parley': {'conversation': '%s', 'prompt': {'id': 'shots'}}}"
                                    .formatted(said, conversation))
                    .statusCode(200);
        }

        assertThat(sentMessages())
                .containsExactly("Translate. " + script.marker(), "uno", "one", "due", "Hello you.", "tre");
        prompts.author()
                .get("/v1/conversations/%s/items".formatted(conversation))
                .then()
                .body("data", hasSize(4));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'id': 'full'} | 400 | prompt.variables.topic | topic (string, required)
            {'id': 'full', 'variables': {'topic': 'a', 'size': 1}} | 400 | prompt.variables.size | topic (string, required)
            {'id': 'full', 'variables': {'topic': 'a', 'tone': 'loud'}} | 400 | prompt.variables.tone | kind, brief
            {'id': 'full', 'variables': {'topic': {'type': 'input_image', 'image_url': 'a'}}} | 400 | prompt.variables.topic.type | input_text
            {'id': 'full', 'label': 'staging'} | 404 | | Its labels are: production.
            {'id': 'full', 'version': '2'} | 404 | | versions 1 to 1
            {'id': 'full', 'version': 'latest'} | 400 | prompt.version | numbers
            {'id': 'full', 'version': '1', 'label': 'a'} | 400 | prompt.label | not both
            {'id': 'full', 'resolved': {}} | 400 | prompt.resolved | Unknown
            {'id': 'nobody'} | 404 | | nobody
            {} | 400 | prompt.id | Missing
            """)
    void whatCannotBeUsedIsToldWithWhatExists(String reference, int status, String param, String message) {
        full("full");

        respond("{'prompt': %s}".formatted(reference))
                .statusCode(status)
                .body("error.param", param == null ? nullValue() : equalTo(param))
                .body("error.message", containsString(message));
        complete("{'parley': {'prompt': %s}}".formatted(reference))
                .statusCode(status)
                .body("error.param", param == null ? nullValue() : equalTo("parley." + param))
                .body("error.message", containsString(message));
    }

    @Test
    void aPromptWithoutAModelOrAQuestionLeavesThemToTheRequest() {
        String id = prompts.author("{'name': 'bare', 'messages': [{'role': 'system', 'content': 'Be kind.'}]}")
                .post("/v1/prompts")
                .path("id");
        prompts.move(id, "production", "{'version': 1}");

        respond("{'prompt': {'id': 'bare'}, 'input': 'Hi.'}").statusCode(400).body("error.param", equalTo("model"));
        respond("{'prompt': {'id': 'bare'}, 'model': 'scripted'}")
                .statusCode(400)
                .body("error.param", equalTo("input"));
        complete("{'parley': {'prompt': {'id': 'bare'}}, 'model': 'scripted'}")
                .statusCode(400)
                .body("error.param", equalTo("messages"));
    }

    @Test
    void anothersPromptDoesNotExist() {
        String id = full("full");

        TestPrompts.create()
                .author("{'prompt': {'id': '%s', 'variables': {'topic': 'love'}}}".formatted(id))
                .post("/v1/responses")
                .then()
                .statusCode(404);
    }

    @Test
    void aReservationCountsThePrompt() {
        full("long");
        String many = "word ".repeat(2000);
        prompts.tenant()
                .request()
                .body("{\"scope\": \"tenant\", \"period\": \"day\", \"limit_tokens\": 2500}")
                .post("/v1/budgets")
                .then()
                .statusCode(200);

        respond("{'prompt': {'id': 'long', 'variables': {'topic': 'love'}}}").statusCode(200);
        respond("{'prompt': {'id': 'long', 'variables': {'topic': '%s'}}}".formatted(many))
                .statusCode(429)
                .body("error.code", equalTo("insufficient_quota"));
    }

    /// Each version answers for itself: its instructions are its number.
    private String numbered(String name, int versions) {
        String id = prompts.made(name, "scripted-alone", "Version 1. " + script.marker());
        for (int i = 2; i <= versions; i++) {
            prompts.version(
                    id,
                    "{'model': 'scripted-alone', 'messages': [{'role': 'system', 'content': 'Version %d. %s'}]}"
                            .formatted(i, script.marker()));
        }
        prompts.move(id, "production", "{'version': 1}").statusCode(200);
        return id;
    }

    private int versionOf(String more) {
        return respond("{'input': 'Hi.', 'prompt': {'id': 'numbered'}%s}".formatted(more))
                .statusCode(200)
                .extract()
                .path("parley.receipt.prompt.version");
    }

    @Test
    void aConversationStaysWithItsVersionWhenTheLabelMoves() {
        String id = numbered("numbered", 2);
        String conversation = prompts.author("{}").post("/v1/conversations").path("id");
        String in = ", 'conversation': '%s'".formatted(conversation);
        assertThat(versionOf(in)).isEqualTo(1);

        prompts.move(id, "production", "{'version': 2}").statusCode(200);

        assertThat(versionOf("")).isEqualTo(2);
        assertThat(versionOf(in)).isEqualTo(1);
        assertThat(sentMessages()).first().asString().startsWith("Version 1.");
        complete(
                        "{'messages': [{'role': 'user', 'content': 'Hi.'}], 'parley': {'conversation': '%s', 'prompt': {'id': 'numbered'}}}"
                                .formatted(conversation))
                .body("parley.receipt.prompt.version", equalTo(1));
        prompts.releaser()
                .delete("/v1/prompts/numbered/labels/production")
                .then()
                .statusCode(200);
        assertThat(versionOf(in)).isEqualTo(1);
        prompts.author().delete("/v1/conversations/" + conversation).then().statusCode(200);
    }

    @Test
    void aChainOfResponsesStaysWithItsVersionWhenTheLabelMoves() {
        String id = numbered("numbered", 2);
        String first = respond("{'input': 'Hi.', 'prompt': {'id': 'numbered'}}")
                .extract()
                .path("id");
        prompts.move(id, "production", "{'version': 2}").statusCode(200);

        String second = respond(
                        "{'input': 'Hi.', 'previous_response_id': '%s', 'prompt': {'id': 'numbered'}}".formatted(first))
                .body("parley.receipt.prompt.version", equalTo(1))
                .extract()
                .path("id");
        respond("{'input': 'Hi.', 'previous_response_id': '%s', 'prompt': {'id': 'numbered'}}".formatted(second))
                .body("parley.receipt.prompt.version", equalTo(1));
    }

    @Test
    void firstTurnsOfAConversationAtOnceAgree() throws Exception {
        String id = numbered("numbered", 2);
        try (var callers = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 5; round++) {
                String conversation =
                        prompts.author("{}").post("/v1/conversations").path("id");
                String json =
                        "{'input': 'Hi.', 'conversation': '%s', 'prompt': {'id': 'numbered'}}".formatted(conversation);
                int production = round % 2 + 1;
                List<Callable<Integer>> turns = IntStream.range(0, 8)
                        .<Callable<Integer>>mapToObj(turn -> () -> {
                            if (turn == 4) {
                                prompts.move(id, "production", "{'version': %d}".formatted(3 - production));
                            }
                            // One conversation has one turn at a time; all of them ask for the version.
                            return respond(json).extract().<Integer>path("parley.receipt.prompt.version");
                        })
                        .toList();
                assertThat(callers.invokeAll(turns).stream()
                                .map(Future::resultNow)
                                .filter(Objects::nonNull)
                                .distinct())
                        .hasSize(1);
            }
        }
    }

    @Test
    void aUserStaysOnOneSideOfASplit() {
        String id = numbered("numbered", 2);
        prompts.move(
                        id,
                        "production",
                        "{'split': [{'version': 1, 'percent': 50}, {'version': 2, 'percent': 50}], 'sticky': 'user'}")
                .statusCode(200);

        for (String user : List.of("ann", "bob", "eve", "joe")) {
            int version = versionOf(", 'user': '%s'".formatted(user));
            assertThat(versionOf(", 'safety_identifier': '%s'".formatted(user))).isEqualTo(version);
            String bound = TestPrompts.key(prompts.tenant(), Map.of("scopes", List.of("chat"), "user", user));
            Api.as(bound)
                    .body("{\"input\": \"Hi.\", \"user\": \"someone\", \"prompt\": {\"id\": \"numbered\"}}")
                    .post("/v1/responses")
                    .then()
                    .body("parley.receipt.prompt.version", equalTo(version));
        }
    }

    @Test
    void aResponseInTheBackgroundKeepsTheVersionThatItWasAcceptedWith() {
        String id = numbered("numbered", 2);
        String response = respond("{'input': 'Hi.', 'background': true, 'prompt': {'id': 'numbered'}}")
                .statusCode(200)
                .body("prompt.version", equalTo("1"))
                .extract()
                .path("id");
        prompts.move(id, "production", "{'version': 2}").statusCode(200);
        prompts.releaser().delete("/v1/prompts/" + id).then().statusCode(200);

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> prompts.author()
                .get("/v1/responses/" + response)
                .then()
                .body("status", equalTo("completed"))
                .body("parley.receipt.prompt.version", equalTo(1))
                .body("parley.receipt.prompt.label", equalTo("production")));
        assertThat(sentMessages()).first().asString().startsWith("Version 1.");
    }

    @Test
    void aRequestThatIsSentAgainGetsTheAnswerOfItsVersion() {
        String id = numbered("numbered", 2);
        String json = "{'input': 'Hi.', 'prompt': {'id': 'numbered'}}";
        String first = prompts.author(json)
                .header("Idempotency-Key", "k")
                .post("/v1/responses")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
        prompts.move(id, "production", "{'version': 2}").statusCode(200);

        for (int i = 0; i < 2; i++) {
            prompts.author(json)
                    .header("Idempotency-Key", "k")
                    .post("/v1/responses")
                    .then()
                    .statusCode(200)
                    .body("id", equalTo(first))
                    .body("parley.receipt.prompt.version", equalTo(1));
            prompts.releaser().delete("/v1/prompts/" + id);
        }
    }
}

package dev.parley.chat.completions;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.chat.ChatRequests;
import dev.parley.testing.Api;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ChatCompletionsIT {

    private final String key = Api.newTenant();

    @Test
    void anAnswerHasOpenAisShape() {
        var script = ScriptedProvider.script(Reply.text("Hello you.").usage(12, 4, 7));

        post(ChatRequests.user("Hi " + script.marker()).toString())
                .statusCode(200)
                .header("x-request-id", startsWith("req_"))
                .body("id", matchesPattern("chatcmpl-[0-9a-f]{32}"))
                .body("object", equalTo("chat.completion"))
                .body("created", greaterThanOrEqualTo(1_700_000_000))
                .body("model", equalTo("scripted"))
                .body("choices", hasSize(1))
                .body("choices[0].index", equalTo(0))
                .body("choices[0].message.role", equalTo("assistant"))
                .body("choices[0].message.content", equalTo("Hello you."))
                .body("choices[0].message", hasKey("refusal"))
                .body("choices[0].message.refusal", nullValue())
                .body("choices[0].message", not(hasKey("tool_calls")))
                .body("choices[0].message.annotations", hasSize(0))
                .body("choices[0]", hasKey("logprobs"))
                .body("choices[0].finish_reason", equalTo("stop"))
                .body("usage.prompt_tokens", equalTo(12))
                .body("usage.completion_tokens", equalTo(7))
                .body("usage.total_tokens", equalTo(19))
                .body("usage.prompt_tokens_details.cached_tokens", equalTo(4))
                .body("usage.completion_tokens_details.reasoning_tokens", equalTo(0));
    }

    @Test
    void theReceiptTellsHowTheAnswerCameAbout() {
        var script = ScriptedProvider.script(Reply.text("Hello.").usage(1000, 0, 500));

        String requestId = post(ChatRequests.user("Hi " + script.marker()).toString())
                .body("parley.receipt.model", equalTo("scripted"))
                .body("parley.receipt.provider", equalTo("scripted"))
                .body("parley.receipt.fallback", equalTo(false))
                .body("parley.receipt.attempts", hasSize(1))
                .body("parley.receipt.attempts[0]", not(hasKey("failure")))
                .body("parley.receipt.tokens.input", equalTo(1000))
                .body("parley.receipt.tokens.output", equalTo(500))
                .body("parley.receipt.cost_micros", equalTo(2000))
                .body("parley.receipt.warnings", hasSize(0))
                .body("parley.receipt", not(hasKey("passages")))
                .extract()
                .path("parley.receipt.request_id");

        assertThat(requestId).startsWith("req_");
    }

    @Test
    void aFallbackIsNamedInTheReceipt() {
        var script = ScriptedProvider.script(
                Reply.serverError().onlyFor("scripted"), Reply.text("Stand-in.").onlyFor("scripted-fallback"));

        post(ChatRequests.user("Hi " + script.marker()).toString())
                .statusCode(200)
                .body("model", equalTo("scripted"))
                .body("choices[0].message.content", equalTo("Stand-in."))
                .body("parley.receipt.model", equalTo("scripted-fallback"))
                .body("parley.receipt.fallback", equalTo(true))
                .body("parley.receipt.attempts.model", contains("scripted", "scripted", "scripted-fallback"))
                .body("parley.receipt.warnings", contains("price_unknown"));
    }

    @Test
    void parametersReachTheProvider() {
        var script = ScriptedProvider.script(Reply.text("{}"));

        post(ChatRequests.with(ChatRequests.user("Hi " + script.marker()), """
                "temperature": 0.5, "top_p": 0.9, "max_completion_tokens": 9, "stop": "END", "seed": 3,
                "frequency_penalty": 1, "presence_penalty": -1, "user": "ann",
                "response_format": {"type": "json_schema", "json_schema": {"name": "s", "strict": true,
                    "schema": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"],
                               "additionalProperties": false}}}""")).statusCode(200);

        JsonNode sent = script.requests().getFirst().body();
        assertThat(sent.path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(sent.path("top_p").asDouble()).isEqualTo(0.9);
        assertThat(sent.path("max_completion_tokens").asInt()
                        + sent.path("max_tokens").asInt())
                .isEqualTo(9);
        assertThat(sent.path("stop").path(0).asText()).isEqualTo("END");
        assertThat(sent.path("seed").asInt()).isEqualTo(3);
        assertThat(sent.path("user").asText()).isEqualTo("ann");
        assertThat(sent.path("frequency_penalty").asDouble()).isEqualTo(1);
        assertThat(sent.at("/response_format/json_schema/schema/properties/a/type")
                        .asText())
                .isEqualTo("string");
        assertThat(sent.at("/response_format/json_schema/name").asText()).isEqualTo("s");
    }

    @Test
    void toolCallsGoToTheClientAndTheirResultsToTheModel() {
        var script = ScriptedProvider.script(
                Reply.steps(
                        new Step.ToolCall(0, "call_1", "weather", "{\"city\":"),
                        new Step.ToolCall(0, null, null, "\"Bern\"}"),
                        new Step.ToolCall(1, "call_2", "time", "{}")),
                Reply.text("Sunny at noon."));
        var body = ChatRequests.user("Weather? " + script.marker());
        body.putArray("tools").addPOJO(tool("weather")).addPOJO(tool("time"));

        ValidatableResponse first = post(body.toString())
                .statusCode(200)
                .body("choices[0].finish_reason", equalTo("tool_calls"))
                .body("choices[0].message", hasKey("content"))
                .body("choices[0].message.content", nullValue())
                .body("choices[0].message.tool_calls.id", contains("call_1", "call_2"))
                .body("choices[0].message.tool_calls.type", everyItem(equalTo("function")))
                .body("choices[0].message.tool_calls[0]", not(hasKey("index")))
                .body("choices[0].message.tool_calls[0].function.name", equalTo("weather"))
                .body("choices[0].message.tool_calls[0].function.arguments", equalTo("{\"city\":\"Bern\"}"));

        var messages = body.withArray("messages");
        messages.addPOJO(first.extract().path("choices[0].message"));
        messages.addObject().put("role", "tool").put("tool_call_id", "call_1").put("content", "sunny");
        messages.addObject().put("role", "tool").put("tool_call_id", "call_2").put("content", "noon");
        post(body.toString()).statusCode(200).body("choices[0].message.content", equalTo("Sunny at noon."));

        JsonNode sent = script.requests().getLast().body().path("messages");
        assertThat(sent).hasSize(4);
        assertThat(sent.path(1).path("tool_calls")).hasSize(2);
        assertThat(sent.path(2).path("tool_call_id").asText()).isEqualTo("call_1");
        assertThat(sent.path(3).path("content").asText()).isEqualTo("noon");
    }

    @Test
    void aTruncatedAnswerSaysSo() {
        var script = ScriptedProvider.script(Reply.text("Once upon").finish("length"));

        post(ChatRequests.user("Tell " + script.marker()).toString())
                .body("choices[0].finish_reason", equalTo("length"));
    }

    @Test
    void aRefusalIsAnAnswerWithoutContent() {
        var script = ScriptedProvider.script(Reply.steps(new Step.Refusal("I can't.")));

        post(ChatRequests.user("Help " + script.marker()).toString())
                .statusCode(200)
                .body("choices[0].message.content", nullValue())
                .body("choices[0].message.refusal", equalTo("I can't."))
                .body("choices[0].finish_reason", equalTo("stop"))
                .body("parley.receipt.tokens.output", equalTo(7));
    }

    @Test
    void anAnswerThatTheProviderFilteredSaysSo() {
        var script = ScriptedProvider.script(Reply.text("Once upon").finish("content_filter"));

        post(ChatRequests.user("Tell " + script.marker()).toString())
                .statusCode(200)
                .body("choices[0].message.content", equalTo("Once upon"))
                .body("choices[0].message.refusal", nullValue())
                .body("choices[0].finish_reason", equalTo("content_filter"));
    }

    @Test
    void aPromptThatTheProviderFilteredIsTheClientsError() {
        var script = ScriptedProvider.script(Reply.error(400, "content_filter", "The prompt was filtered."));

        post(ChatRequests.user("Tell " + script.marker()).toString())
                .statusCode(400)
                .body("error.code", equalTo("content_filter"))
                .body("error.message", equalTo("The prompt was filtered."));
    }

    @Test
    void anUnknownModelIsNotFound() {
        post(ChatRequests.to("nope", "Hi").toString()).statusCode(404).body("error.code", equalTo("model_not_found"));
    }

    @Test
    void aProviderThatFailsIsAnOpenAiError() {
        var script = ScriptedProvider.script(Reply.serverError());

        post(ChatRequests.user("Hi " + script.marker()).toString())
                .statusCode(502)
                .body("error.type", equalTo("server_error"));
    }

    @Test
    void aPromptTooLongForTheModelIsTheClientsError() {
        var script = ScriptedProvider.script(Reply.contextOverflow());

        post(ChatRequests.to("scripted-alone", "Hi " + script.marker()).toString())
                .statusCode(400)
                .body("error.code", equalTo("context_length_exceeded"));
    }

    @Test
    void aBadRequestNamesItsParameter() {
        post(ChatRequests.with(ChatRequests.user("Hi"), "\"n\": 2"))
                .statusCode(400)
                .body("error.param", equalTo("n"))
                .body("error.code", equalTo("unsupported_parameter"));
        post("{").statusCode(400).body("error.code", equalTo("invalid_json"));
        post("").statusCode(400);
        post("[]").statusCode(400).body("error.code", equalTo("invalid_json"));
    }

    @Test
    void aBodyOverTheLimitIsTooLarge() {
        String text = "a".repeat(9_000_000);

        post(ChatRequests.user(text).toString()).statusCode(413).body("error.code", equalTo("request_too_large"));
        post(ChatRequests.user(text.substring(0, 2_000_000)).toString())
                .statusCode(400)
                .body("error.param", equalTo("messages[0].content"));
    }

    @Test
    void aKeyNeedsTheScope() {
        String knowledgeOnly = as(key).body("{\"name\": \"k\", \"scopes\": [\"knowledge\"]}")
                .post("/v1/keys")
                .path("value");

        as(knowledgeOnly)
                .body(ChatRequests.user("Hi").toString())
                .post("/v1/chat/completions")
                .then()
                .statusCode(403);
    }

    private ValidatableResponse post(String body) {
        return as(key).body(body).post("/v1/chat/completions").then();
    }

    private static Object tool(String name) {
        return java.util.Map.of("type", "function", "function", java.util.Map.of("name", name));
    }
}

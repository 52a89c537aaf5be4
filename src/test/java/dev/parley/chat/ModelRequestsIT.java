package dev.parley.chat;

import static dev.parley.testing.Api.asDeveloper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What of a client's request reaches a model, and which models it may reach.
@QuarkusTest
class ModelRequestsIT {

    private static final String SCHEMA = """
            {"type":"object","properties":{"a":{"type":"string"}},"anyOf":[{"required":["a"]}],\
            "patternProperties":{"^x-":{"type":"number"}},"additionalProperties":{"type":"null"},\
            "definitions":{"d":{"const":1}}}""";

    @Test
    void toolsReachTheProviderWithTheirWholeSchemaAndStrictness() {
        var script = ScriptedProvider.script(Reply.text("Hello."));

        post(ChatRequests.with(ChatRequests.user("Hi " + script.marker()), """
                "tools": [{"type": "function", "function": {"name": "f", "description": "Does f.", "strict": true,
                           "parameters": %s}},
                          {"type": "function", "function": {"name": "g"}}]""".formatted(SCHEMA)))
                .statusCode(200);

        JsonNode tools = script.requests().getFirst().body().path("tools");
        assertThat(tools.at("/0/function/parameters")).hasToString(SCHEMA);
        assertThat(tools.at("/0/function/description").asText()).isEqualTo("Does f.");
        assertThat(tools.at("/0/function/strict").asBoolean()).isTrue();
        assertThat(tools.at("/1/function/name").asText()).isEqualTo("g");
        assertThat(tools.at("/1/function").has("strict")).isFalse();
    }

    @Test
    void whatAModelCannotDoIsRefusedBeforeItIsCalled() {
        var script = ScriptedProvider.script(Reply.text("Hello."));
        String json = "\"response_format\": {\"type\": \"json_object\"}";
        String tools = "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\"}}]";

        for (String model : List.of("extractive", "scripted-plain")) {
            for (String stream : List.of("false", "true")) {
                refused(model, script.marker(), json + ", \"stream\": " + stream, "response_format");
                refused(model, script.marker(), tools + ", \"stream\": " + stream, "tools");
            }
        }
        assertThat(script.requests()).isEmpty();
    }

    @Test
    void reasoningTokensAreToldAsTheProviderCountsThem() {
        var script = ScriptedProvider.script(Reply.text("Hello.").usage(10, 4, 30, 25));

        post(ChatRequests.user("Hi " + script.marker()).toString())
                .statusCode(200)
                .body("usage.completion_tokens", equalTo(30))
                .body("usage.completion_tokens_details.reasoning_tokens", equalTo(25))
                .body("usage.prompt_tokens_details.cached_tokens", equalTo(4));
    }

    private static void refused(String model, String marker, String members, String param) {
        post(ChatRequests.with(ChatRequests.to(model, "Hi " + marker), members))
                .statusCode(400)
                .body("error.param", equalTo(param))
                .body("error.code", equalTo("unsupported_parameter"));
    }

    private static ValidatableResponse post(String body) {
        return asDeveloper().body(body).post("/v1/chat/completions").then();
    }
}

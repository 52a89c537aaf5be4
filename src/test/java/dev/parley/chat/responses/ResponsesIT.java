package dev.parley.chat.responses;

import static dev.parley.chat.responses.ResponseRequests.post;
import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testing.Api;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ResponsesIT {

    private static final String TOOL = "'tools': [{'type': 'function', 'name': 'weather', 'parameters': null}]";

    private final String key = Api.newTenant();

    @Test
    void aResponseHasOpenAisShape() {
        var script = ScriptedProvider.script(Reply.text("Hello you."));

        post(key, "'input': 'Hi %s', 'instructions': 'Be kind.', 'metadata': {'a': 'b'}".formatted(script.marker()))
                .statusCode(200)
                .body("id", startsWith("resp_"))
                .body("object", equalTo("response"))
                .body("created_at", notNullValue())
                .body("status", equalTo("completed"))
                .body("error", nullValue())
                .body("incomplete_details", nullValue())
                .body("model", equalTo("scripted"))
                .body("instructions", equalTo("Be kind."))
                .body("metadata.a", equalTo("b"))
                .body("store", equalTo(true))
                .body("output", hasSize(1))
                .body("output[0].id", startsWith("msg_"))
                .body("output[0].type", equalTo("message"))
                .body("output[0].role", equalTo("assistant"))
                .body("output[0].status", equalTo("completed"))
                .body("output[0].content[0].type", equalTo("output_text"))
                .body("output[0].content[0].text", equalTo("Hello you."))
                .body("output[0].content[0].annotations", empty())
                .body("usage.input_tokens", equalTo(12))
                .body("usage.output_tokens", equalTo(7))
                .body("usage.total_tokens", equalTo(19))
                .body("usage.input_tokens_details.cached_tokens", equalTo(0))
                .body("usage.output_tokens_details.reasoning_tokens", equalTo(0))
                .body("parley.receipt.model", equalTo("scripted"));
        assertThat(roles(script.requests().getLast().body().path("messages"))).containsExactly("system", "user");
    }

    @Test
    void aStoredResponseIsFetchedAsItWasAnswered() {
        var script = ScriptedProvider.script(Reply.text("Hello you."));
        String answered =
                post(key, "'input': 'Hi " + script.marker() + "'").extract().asString();
        String id = io.restassured.path.json.JsonPath.from(answered).getString("id");

        assertThat(as(key).get("/v1/responses/" + id).asString()).isEqualTo(answered);
        as(Api.newTenant()).get("/v1/responses/" + id).then().statusCode(404);
        as(key).delete("/v1/responses/" + id).then().statusCode(200).body("deleted", equalTo(true));
        as(key).get("/v1/responses/" + id).then().statusCode(404).body("error.message", containsString(id));
        as(key).delete("/v1/responses/" + id).then().statusCode(404);
    }

    @Test
    void whatIsNotStoredCannotBeFetchedOrContinued() {
        var script = ScriptedProvider.script(Reply.text("Hello you."));
        String id = post(key, "'store': false, 'input': 'Hi " + script.marker() + "'")
                .extract()
                .path("id");

        as(key).get("/v1/responses/" + id).then().statusCode(404);
        post(key, "'input': 'a', 'previous_response_id': '" + id + "'")
                .statusCode(400)
                .body("error.code", equalTo("previous_response_not_found"))
                .body("error.param", equalTo("previous_response_id"));
    }

    @Test
    void aResponseContinuesThoseBeforeIt() {
        var script = ScriptedProvider.script(Reply.text("Hello Ann."), Reply.text("Ann."), Reply.text("Still Ann."));
        String first = post(key, "'instructions': 'Sing.', 'input': 'I am Ann. " + script.marker() + "'")
                .extract()
                .path("id");
        String second = post(key, "'input': 'Who? " + script.marker() + "', 'previous_response_id': '" + first + "'")
                .body("previous_response_id", equalTo(first))
                .extract()
                .path("id");

        post(key, "'input': 'Sure? " + script.marker() + "', 'previous_response_id': '" + second + "'")
                .statusCode(200);

        JsonNode sent = script.requests().getLast().body().path("messages");
        assertThat(roles(sent)).containsExactly("user", "assistant", "user", "assistant", "user");
        assertThat(sent.path(0).path("content").asText()).startsWith("I am Ann.");
        assertThat(sent.path(3).path("content").asText()).isEqualTo("Ann.");
    }

    @Test
    void toolCallsGoRoundByThePreviousResponse() {
        var script = ScriptedProvider.script(
                Reply.steps(new Step.ToolCall(0, "call_1", "weather", "{}")),
                Reply.text("Sunny."),
                Reply.text("As I said."));
        String calling = post(key, TOOL + ", 'input': 'Weather? " + script.marker() + "'")
                .body("output", hasSize(1))
                .body("output[0].type", equalTo("function_call"))
                .body("output[0].id", startsWith("fc_"))
                .body("output[0].call_id", equalTo("call_1"))
                .body("output[0].name", equalTo("weather"))
                .body("output[0].arguments", equalTo("{}"))
                .body("tools[0].name", equalTo("weather"))
                .extract()
                .path("id");
        String answered = post(
                        key,
                        "'previous_response_id': '%s', 'input': [{'type': 'function_call_output', 'call_id': 'call_1', 'output': 'sun'}]"
                                .formatted(calling))
                .statusCode(200)
                .body("output[0].content[0].text", equalTo("Sunny."))
                .extract()
                .path("id");

        post(key, "'input': 'Sure? " + script.marker() + "', 'previous_response_id': '" + answered + "'")
                .statusCode(200);

        JsonNode sent = script.requests().getLast().body().path("messages");
        assertThat(roles(sent)).containsExactly("user", "assistant", "tool", "assistant", "user");
        assertThat(sent.at("/1/tool_calls/0/id").asText()).isEqualTo("call_1");
    }

    @Test
    void aResultThatAnswersNoCallIsRefused() {
        var script = ScriptedProvider.script(Reply.text("Hi."));
        String id = post(key, "'input': 'Hi " + script.marker() + "'").extract().path("id");

        post(
                        key,
                        "'previous_response_id': '%s', 'input': [{'type': 'function_call_output', 'call_id': 'call_1', 'output': 'sun'}]"
                                .formatted(id))
                .statusCode(400)
                .body("error.param", equalTo("input"));
    }

    @Test
    void historyFitsItsBudgetByWholeTurns() {
        var script = ScriptedProvider.script(Reply.text("Noted."));
        String longText = "alpha ".repeat(100);
        String one = post(key, "'input': 'one " + longText + script.marker() + "'")
                .extract()
                .path("id");
        String two = post(
                        key, "'input': 'two " + longText + script.marker() + "', 'previous_response_id': '" + one + "'")
                .extract()
                .path("id");

        post(
                        key,
                        "'input': 'three %s', 'previous_response_id': '%s', 'parley': {'history_tokens': 300}"
                                .formatted(script.marker(), two))
                .statusCode(200);

        JsonNode sent = script.requests().getLast().body().path("messages");
        assertThat(sent).hasSize(3);
        assertThat(sent.path(0).path("content").asText()).startsWith("two ");
    }

    @Test
    void aConversationKeepsTheTurn() {
        String conversation = as(key).post("/v1/conversations").path("id");
        var script = ScriptedProvider.script(Reply.text("Hello Ann."), Reply.text("Ann."));
        post(key, "'input': 'I am Ann. %s', 'conversation': '%s'".formatted(script.marker(), conversation))
                .statusCode(200)
                .body("conversation.id", equalTo(conversation));

        post(key, "'input': 'Who? %s', 'conversation': {'id': '%s'}".formatted(script.marker(), conversation))
                .statusCode(200);

        assertThat(roles(script.requests().getLast().body().path("messages")))
                .containsExactly("user", "assistant", "user");
        as(key).get("/v1/conversations/" + conversation + "/items").then().body("data", hasSize(4));
    }

    @Test
    void inputItemsArePaged() {
        var script = ScriptedProvider.script(Reply.text("Fine."));
        String id = post(key, """
                        'input': [{'role': 'user', 'content': 'Hi %s'}, {'role': 'assistant', 'content': 'Hello.'},
                                  {'role': 'user', 'content': [{'type': 'input_text', 'text': 'Again'}]}]""".formatted(script.marker())).extract().path("id");

        String first = as(key).get("/v1/responses/" + id + "/input_items?limit=2&order=asc")
                .then()
                .statusCode(200)
                .body("data", hasSize(2))
                .body("has_more", equalTo(true))
                .body("data[1].content[0].type", equalTo("output_text"))
                .body("data[1].role", equalTo("assistant"))
                .extract()
                .path("last_id");
        as(key).get("/v1/responses/" + id + "/input_items?order=asc&after=" + first)
                .then()
                .body("data", hasSize(1))
                .body("data[0].content[0].text", equalTo("Again"));
        as(key).get("/v1/responses/" + id + "/input_items?after=nothing")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("after"));
        as(key).get("/v1/responses/resp_1/input_items").then().statusCode(404);
    }

    @Test
    void anItemIsReferredToByItsId() {
        var script = ScriptedProvider.script(Reply.text("Seven."), Reply.text("Fine."));
        var first = post(key, "'input': 'Number? " + script.marker() + "'").extract();
        String asked = as(key).get("/v1/responses/" + first.path("id") + "/input_items")
                .path("data[0].id");

        post(
                        key,
                        "'input': [{'type': 'item_reference', 'id': '%s'}, {'type': 'item_reference', 'id': '%s'}, {'role': 'user', 'content': 'ok %s'}]"
                                .formatted(asked, first.path("output[0].id"), script.marker()))
                .statusCode(200);

        JsonNode sent = script.requests().getLast().body().path("messages");
        assertThat(roles(sent)).containsExactly("user", "assistant", "user");
        assertThat(sent.path(1).path("content").asText()).isEqualTo("Seven.");
        post(key, "'input': [{'type': 'item_reference', 'id': '" + asked + "0'}]")
                .statusCode(400)
                .body("error.param", equalTo("input[0].id"));
        as(Api.newTenant())
                .body(ResponseRequests.body("'input': [{'type': 'item_reference', 'id': '" + asked + "'}]")
                        .toString())
                .post("/v1/responses")
                .then()
                .statusCode(400);
    }

    @Test
    void anAnswerThatReachesALimitIsIncomplete() {
        var script = ScriptedProvider.script(Reply.text("Once upon").finish("length"));

        post(key, "'max_output_tokens': 2, 'input': 'Tell " + script.marker() + "'")
                .statusCode(200)
                .body("status", equalTo("incomplete"))
                .body("incomplete_details.reason", equalTo("max_output_tokens"))
                .body("output[0].status", equalTo("incomplete"));
    }

    @Test
    void aRefusalIsAPart() {
        var script = ScriptedProvider.script(Reply.steps(new Step.Refusal("No.")));

        post(key, "'input': 'Hi " + script.marker() + "'")
                .statusCode(200)
                .body("output[0].content[0].type", equalTo("refusal"))
                .body("output[0].content[0].refusal", equalTo("No."));
    }

    @Test
    void aFailureIsAnErrorToWhoAskedAndAStatusToWhoFetches() {
        var script = ScriptedProvider.script(Reply.serverError());
        String retried = UUID.randomUUID().toString();
        String body =
                ResponseRequests.body("'input': 'Hi " + script.marker() + "'").toString();

        as(key).header("Idempotency-Key", retried)
                .body(body)
                .post("/v1/responses")
                .then()
                .statusCode(502)
                .body("error.type", equalTo("server_error"));
        int asked = script.requests().size();
        as(key).header("Idempotency-Key", retried)
                .body(body)
                .post("/v1/responses")
                .then()
                .statusCode(502)
                .header("idempotency-replayed", "true");
        assertThat(script.requests()).hasSize(asked);
    }

    @Test
    void aRepeatedRequestGetsTheFirstResponse() {
        var script = ScriptedProvider.script(Reply.text("One."), Reply.text("Two."));
        String body =
                ResponseRequests.body("'input': 'Hi " + script.marker() + "'").toString();

        String first = as(key).header("Idempotency-Key", "k")
                .body(body)
                .post("/v1/responses")
                .asString();
        String again = as(key).header("Idempotency-Key", "k")
                .body(body)
                .post("/v1/responses")
                .asString();

        assertThat(again).isEqualTo(first);
        assertThat(script.requests()).hasSize(1);
        as(key).header("Idempotency-Key", "k")
                .body(body.replace("Hi", "Ho"))
                .post("/v1/responses")
                .then()
                .statusCode(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /v1/responses/", "DELETE /v1/responses/"})
    void anotherTenantsResponseDoesNotExist(String request) {
        var script = ScriptedProvider.script(Reply.text("Hi."));
        String id = post(key, "'input': 'Hi " + script.marker() + "'").extract().path("id");

        as(Api.newTenant())
                .request(request.substring(0, request.indexOf(' ')), request.substring(request.indexOf(' ') + 1) + id)
                .then()
                .statusCode(404);
        as(Api.newTenant())
                .body(ResponseRequests.body("'input': 'a', 'previous_response_id': '" + id + "'")
                        .toString())
                .post("/v1/responses")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("previous_response_not_found"));
    }

    private static List<String> roles(JsonNode messages) {
        var roles = new ArrayList<String>();
        messages.forEach(message -> roles.add(message.path("role").asText()));
        return roles;
    }
}

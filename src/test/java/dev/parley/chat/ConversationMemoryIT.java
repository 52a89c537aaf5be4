package dev.parley.chat;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testing.Api;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ConversationMemoryIT {

    private final String key = Api.newTenant();
    private final String conversation = as(key).post("/v1/conversations").path("id");

    @Test
    void aTurnRemembersTheTurnsBeforeIt() {
        var script = ScriptedProvider.script(Reply.text("Hello Ann."), Reply.text("You are Ann."));

        say("I am Ann. " + script.marker(), "").statusCode(200);
        say("Who am I? " + script.marker(), "")
                .statusCode(200)
                .body("parley.receipt.memory.messages", equalTo(2))
                .body("parley.receipt.memory.conversation", equalTo(conversation));

        JsonNode sent = script.requests().getLast().body().path("messages");
        assertThat(sent).hasSize(3);
        assertThat(sent.path(0).path("content").asText()).startsWith("I am Ann.");
        assertThat(sent.path(1).path("content").asText()).isEqualTo("Hello Ann.");
        assertThat(sent.path(2).path("content").asText()).startsWith("Who am I?");
    }

    @Test
    void aStreamedTurnIsKeptToo() {
        var script = ScriptedProvider.script(Reply.text("Hello there."));

        try (var stream = EventStream.open(
                key, ChatRequests.streamed(inConversation(ChatRequests.user("Hi " + script.marker()))))) {
            stream.rest();
        }

        as(key).get("/v1/conversations/" + conversation + "/items")
                .then()
                .body("data", hasSize(2))
                .body("data[0].content[0].text", equalTo("Hello there."));
    }

    @Test
    void aRefusalIsRememberedAsWhatTheModelSaid() {
        var script = ScriptedProvider.script(Reply.steps(new Step.Refusal("I can't.")), Reply.text("Because."));

        say("Do it. " + script.marker(), "").statusCode(200);
        say("Why not? " + script.marker(), "").statusCode(200);

        as(key).get("/v1/conversations/" + conversation + "/items?order=asc")
                .then()
                .body("data", hasSize(4))
                .body("data[1].role", equalTo("assistant"))
                .body("data[1].content[0].type", equalTo("refusal"))
                .body("data[1].content[0].refusal", equalTo("I can't."));
        JsonNode sent = script.requests().getLast().body().path("messages");
        assertThat(sent.path(1).path("role").asText()).isEqualTo("assistant");
        assertThat(sent.path(1).path("content").asText()).isEqualTo("I can't.");
    }

    @Test
    void anAnswerThatAFilterLeftEmptyIsNotRemembered() {
        var script =
                ScriptedProvider.script(Reply.steps(new Step.Pause(0)).finish("content_filter"), Reply.text("Fine."));
        var body = inConversation(ChatRequests.user("Do it. " + script.marker()));

        try (var stream = EventStream.open(key, ChatRequests.streamed(body))) {
            stream.rest();
        }
        say("And now? " + script.marker(), "").statusCode(200);

        assertThat(roles(script.requests().getLast().body().path("messages"))).containsExactly("user", "user");
    }

    @Test
    void instructionsOfARequestAreNotRemembered() {
        var script = ScriptedProvider.script(Reply.text("Aye."));
        var body = ChatRequests.user("Hi " + script.marker());
        body.withArray("messages").insertObject(0).put("role", "system").put("content", "Talk like a pirate.");

        post(inConversation(body)).statusCode(200);
        say("Again " + script.marker(), "").statusCode(200);

        JsonNode sent = script.requests().getLast().body().path("messages");
        assertThat(sent.path(0).path("role").asText()).isEqualTo("user");
        assertThat(sent).hasSize(3);
    }

    @Test
    void whatDoesNotFitTheBudgetIsForgottenTurnByTurn() {
        var script = ScriptedProvider.script(Reply.text("Noted."));
        String longText = "alpha ".repeat(100);
        say("one " + longText + script.marker(), "");
        say("two " + longText + script.marker(), "");

        say("three " + script.marker(), "\"history_tokens\": 300").statusCode(200);

        JsonNode sent = script.requests().getLast().body().path("messages");
        assertThat(sent).hasSize(3);
        assertThat(sent.path(0).path("content").asText()).startsWith("two ");
        assertThat(sent.path(1).path("role").asText()).isEqualTo("assistant");
    }

    @Test
    void nothingIsRememberedWithABudgetOfNothing() {
        var script = ScriptedProvider.script(Reply.text("Noted."));
        say("one " + script.marker(), "");

        say("two " + script.marker(), "\"history_tokens\": 0").statusCode(200);

        assertThat(script.requests().getLast().body().path("messages")).hasSize(1);
    }

    @Test
    void toolCallsAndTheirResultsAreOneTurn() {
        var script = ScriptedProvider.script(
                Reply.steps(new Step.ToolCall(0, "call_1", "weather", "{}")),
                Reply.text("Sunny."),
                Reply.text("As I said."));
        String tools = "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"weather\"}}]";
        post(ChatRequests.with(node(inConversation(ChatRequests.user("Weather? " + script.marker()))), tools))
                .body("choices[0].finish_reason", equalTo("tool_calls"));
        var result = ChatRequests.user("");
        result.putArray("messages")
                .addObject()
                .put("role", "tool")
                .put("tool_call_id", "call_1")
                .put("content", "sun");
        post(inConversation(result)).statusCode(200).body("choices[0].message.content", equalTo("Sunny."));
        say("Sure? " + script.marker(), "").statusCode(200);

        JsonNode sent = script.requests().getLast().body().path("messages");
        assertThat(roles(sent)).containsExactly("user", "assistant", "tool", "assistant", "user");
        assertThat(new HashSet<>(turns())).hasSize(2);
    }

    @Test
    void aResultForNoWaitingCallIsRefused() {
        var body = ChatRequests.user("");
        body.putArray("messages")
                .addObject()
                .put("role", "tool")
                .put("tool_call_id", "call_1")
                .put("content", "sun");

        post(inConversation(body)).statusCode(400).body("error.message", containsString("tool call"));
    }

    @Test
    void anUnansweredCallDoesNotBlockTheConversation() {
        var script = ScriptedProvider.script(
                Reply.steps(new Step.ToolCall(0, "call_1", "weather", "{}")), Reply.text("Fine."));
        String tools = "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"weather\"}}]";
        post(ChatRequests.with(node(inConversation(ChatRequests.user("Weather? " + script.marker()))), tools));

        say("Never mind. " + script.marker(), "").statusCode(200);

        assertThat(script.requests().getLast().body().path("messages")).hasSize(1);
    }

    @Test
    void aTurnThatFailsKeepsNothing() {
        var script = ScriptedProvider.script(Reply.serverError());
        say("Hi " + script.marker(), "").statusCode(502);
        var cut = ScriptedProvider.script(Reply.steps(new Step.Text("Once "), new Step.Cut()));
        try (var stream =
                EventStream.open(key, ChatRequests.streamed(inConversation(ChatRequests.user("Hi " + cut.marker()))))) {
            stream.rest();
        }

        as(key).get("/v1/conversations/" + conversation + "/items").then().body("data", hasSize(0));
    }

    @Test
    void ofTurnsAtTheSameTimeOneRunsAndTheOthersAreToldToWait() throws Exception {
        var script = ScriptedProvider.script(Reply.text("Noted."));
        int answered = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 8; i++) {
                String text = "message " + i + " " + script.marker();
                calls.add(() -> say(text, "").extract().statusCode());
            }
            for (var status : threads.invokeAll(calls)) {
                assertThat(status.get()).isIn(200, 409);
                answered += status.get() == 200 ? 1 : 0;
            }
        }

        List<String> turns = turns();
        assertThat(answered).isPositive();
        assertThat(turns).hasSize(2 * answered);
        for (int i = 0; i < turns.size(); i += 2) {
            assertThat(turns.get(i)).isEqualTo(turns.get(i + 1));
        }
        assertThat(new HashSet<>(turns)).hasSize(answered);
    }

    @Test
    void anotherTenantsConversationDoesNotExist() {
        var script = ScriptedProvider.script(Reply.text("Noted."));

        as(Api.newTenant())
                .body(inConversation(ChatRequests.user("Hi " + script.marker())).toString())
                .post("/v1/chat/completions")
                .then()
                .statusCode(404)
                .body("error.message", containsString(conversation));
        assertThat(script.requests()).isEmpty();
    }

    /// The turns of all items, oldest first: an item's id begins with its turn.
    private List<String> turns() {
        List<String> ids = as(key).get("/v1/conversations/" + conversation + "/items?order=asc&limit=100")
                .path("data.id");
        return ids.stream()
                .map(id -> id.substring(id.indexOf('_') + 1))
                .map(id -> id.substring(0, 32))
                .toList();
    }

    private static List<String> roles(JsonNode messages) {
        var roles = new ArrayList<String>();
        messages.forEach(message -> roles.add(message.path("role").asText()));
        return roles;
    }

    private ValidatableResponse say(String text, String parley) {
        ObjectNode body = inConversation(ChatRequests.user(text));
        return post(merged(body, parley));
    }

    private static ObjectNode merged(ObjectNode body, String parley) {
        if (!parley.isEmpty()) {
            body.set("parley", node(ChatRequests.with((ObjectNode) body.path("parley"), parley)));
        }
        return body;
    }

    private ObjectNode inConversation(ObjectNode body) {
        body.putObject("parley").put("conversation", conversation);
        return body;
    }

    private ValidatableResponse post(Object body) {
        return as(key).body(body.toString()).post("/v1/chat/completions").then();
    }

    private static ObjectNode node(Object json) {
        try {
            return (ObjectNode) new com.fasterxml.jackson.databind.ObjectMapper().readTree(json.toString());
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}

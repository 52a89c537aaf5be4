package dev.parley.chat.responses;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.chat.EventStream;
import dev.parley.testing.Api;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ResponseStreamsIT {

    private final String key = Api.newTenant();

    @Test
    void aTextComesInOpenAisEvents() {
        var script = ScriptedProvider.script(Reply.text("Hello you."));

        try (var stream = open("'input': 'Hi " + script.marker() + "'")) {
            List<JsonNode> events = stream.rest();

            assertThat(stream.header("content-type")).startsWith("text/event-stream");
            assertThat(types(events))
                    .containsExactly(
                            "response.created",
                            "response.in_progress",
                            "response.output_item.added",
                            "response.content_part.added",
                            "response.output_text.delta",
                            "response.output_text.delta",
                            "response.output_text.done",
                            "response.content_part.done",
                            "response.output_item.done",
                            "response.completed");
            assertNumbered(events, 0);
            JsonNode added = events.get(2).path("item");
            assertThat(added.path("status").asText()).isEqualTo("in_progress");
            assertThat(events.get(4).path("item_id")).isEqualTo(added.path("id"));
            assertThat(events.get(6).path("text").asText()).isEqualTo("Hello you.");
            JsonNode response = events.getLast().path("response");
            assertThat(response.at("/output/0")).isEqualTo(events.get(8).path("item"));
            assertThat(as(key).get("/v1/responses/" + response.path("id").asText())
                            .asString())
                    .isEqualTo(response.toString());
        }
    }

    @Test
    void toolCallsAreItemsAfterTheText() {
        var script = ScriptedProvider.script(Reply.steps(
                new Step.Text("Look."),
                new Step.ToolCall(0, "call_1", "weather", "{\"city\":"),
                new Step.ToolCall(0, null, null, "\"Bern\"}"),
                new Step.ToolCall(1, "call_2", "time", "{}")));

        try (var stream =
                open("'tools': [{'type': 'function', 'name': 'weather'}], 'input': 'Hi " + script.marker() + "'")) {
            List<JsonNode> events = stream.rest();

            assertThat(types(events))
                    .containsSubsequence(
                            "response.output_item.done",
                            "response.output_item.added",
                            "response.function_call_arguments.delta",
                            "response.function_call_arguments.done",
                            "response.output_item.done",
                            "response.output_item.added",
                            "response.function_call_arguments.done",
                            "response.output_item.done",
                            "response.completed");
            JsonNode output = events.getLast().at("/response/output");
            assertThat(output).hasSize(3);
            assertThat(output.at("/1/arguments").asText()).isEqualTo("{\"city\":\"Bern\"}");
            assertThat(output.at("/2/call_id").asText()).isEqualTo("call_2");
        }
    }

    @Test
    void aRefusalComesInItsOwnEvents() {
        var script = ScriptedProvider.script(Reply.steps(new Step.Refusal("No "), new Step.Refusal("way.")));

        try (var stream = open("'input': 'Hi " + script.marker() + "'")) {
            List<JsonNode> events = stream.rest();

            assertThat(types(events))
                    .containsSubsequence(
                            "response.content_part.added",
                            "response.refusal.delta",
                            "response.refusal.delta",
                            "response.refusal.done",
                            "response.content_part.done",
                            "response.completed");
            assertThat(events.getLast()
                            .at("/response/output/0/content/0/refusal")
                            .asText())
                    .isEqualTo("No way.");
        }
    }

    @Test
    void aStreamThatBreaksOffIsIncomplete() {
        var script = ScriptedProvider.script(Reply.steps(new Step.Text("Once "), new Step.Cut()));

        try (var stream = open("'input': 'Hi " + script.marker() + "'")) {
            List<JsonNode> events = stream.rest();

            assertThat(types(events)).endsWith("response.output_item.done", "error", "response.incomplete");
            JsonNode response = events.getLast().path("response");
            assertThat(response.path("status").asText()).isEqualTo("incomplete");
            assertThat(response.at("/output/0/content/0/text").asText()).isEqualTo("Once ");
            as(key).get("/v1/responses/" + response.path("id").asText()).then().body("status", equalTo("incomplete"));
        }
    }

    @Test
    void aFailureAfterTheBeginningIsAnEvent() {
        var script = ScriptedProvider.script(Reply.serverError());

        try (var stream = open("'input': 'Hi " + script.marker() + "'")) {
            List<JsonNode> events = stream.rest();

            assertThat(types(events)).containsExactly("response.created", "response.in_progress", "response.failed");
            assertThat(events.getLast().at("/response/error/code").asText()).isEqualTo("server_error");
        }
    }

    @Test
    void whatIsWrongWithARequestIsToldByAStatus() {
        try (var stream = open("'input': 'Hi', 'previous_response_id': 'resp_0190163d8694739bb111111111111111'")) {
            assertThat(stream.status()).isEqualTo(400);
        }
    }

    @Test
    void aStreamIsResumedAfterAnyEvent() {
        var script = ScriptedProvider.script(Reply.text("Hello you there."));
        List<JsonNode> whole;
        try (var stream = open("'input': 'Hi " + script.marker() + "'")) {
            whole = stream.rest();
        }
        String id = whole.getFirst().at("/response/id").asText();

        try (var rest = EventStream.get(key, "/v1/responses/" + id + "?stream=true&starting_after=4")) {
            assertThat(rest.rest()).isEqualTo(whole.subList(5, whole.size()));
        }
        try (var all = EventStream.get(key, "/v1/responses/" + id + "?stream=true")) {
            assertThat(all.rest()).isEqualTo(whole);
        }
        as(Api.newTenant()).get("/v1/responses/" + id + "?stream=true").then().statusCode(404);
    }

    @Test
    void aRepeatedRequestGetsTheSameStream() {
        var script = ScriptedProvider.script(Reply.text("One."), Reply.text("Two."));
        String body = ResponseRequests.body("'stream': true, 'input': 'Hi " + script.marker() + "'")
                .toString();
        var first = as(key).header("Idempotency-Key", "k").body(body).post("/v1/responses");

        var again = as(key).header("Idempotency-Key", "k").body(body).post("/v1/responses");

        assertThat(again.asString()).isEqualTo(first.asString());
        assertThat(script.requests()).hasSize(1);
    }

    @Test
    void onlyWhatWasStreamedCanBeResumed() {
        var script = ScriptedProvider.script(Reply.text("Hello."));
        String id = ResponseRequests.post(key, "'input': 'Hi " + script.marker() + "'")
                .extract()
                .path("id");

        as(key).get("/v1/responses/" + id + "?stream=true")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("stream"));
    }

    @Test
    void aStreamInTheBackgroundOutlivesItsClient() {
        var gate = new Step.Gate(UUID.randomUUID().toString());
        var script = ScriptedProvider.script(Reply.steps(new Step.Text("Once "), gate, new Step.Text("upon.")));
        String id;
        JsonNode last;
        try (var stream = open("'background': true, 'input': 'Hi " + script.marker() + "'")) {
            JsonNode first = stream.next();
            assertThat(first.path("type").asText()).isEqualTo("response.created");
            assertThat(first.at("/response/status").asText()).isEqualTo("queued");
            assertThat(stream.next().path("type").asText()).isEqualTo("response.queued");
            id = first.at("/response/id").asText();
            last = firstDelta(stream);
        }
        ScriptedProvider.open(gate);

        long after = last.path("sequence_number").asLong();
        try (var rest = EventStream.get(key, "/v1/responses/" + id + "?stream=true&starting_after=" + after)) {
            List<JsonNode> events = rest.rest();

            assertNumbered(events, after + 1);
            assertThat(events.getFirst().path("delta").asText()).isEqualTo("upon.");
            assertThat(events.getLast().at("/response/output/0/content/0/text").asText())
                    .isEqualTo("Once upon.");
        }
    }

    private static JsonNode firstDelta(EventStream stream) {
        JsonNode event = stream.next();
        while (!event.path("type").asText().equals("response.output_text.delta")) {
            event = stream.next();
        }
        return event;
    }

    private EventStream open(String members) {
        return EventStream.post(
                key,
                "/v1/responses",
                ResponseRequests.body(members).put("stream", true).toString());
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream().map(event -> event.path("type").asText()).toList();
    }

    private static void assertNumbered(List<JsonNode> events, long first) {
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).path("sequence_number").asLong()).isEqualTo(first + i);
        }
    }
}

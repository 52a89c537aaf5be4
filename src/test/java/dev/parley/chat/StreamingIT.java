package dev.parley.chat;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Api;
import dev.parley.testing.RecordedRequest;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class StreamingIT {

    @Inject
    Transactions transactions;

    private final String key = Api.newTenant();

    @Test
    void aStreamHasOpenAisShape() {
        var script = ScriptedProvider.script(Reply.text("Hello you there."));

        try (var stream = open(ChatRequests.streamed(ChatRequests.user("Hi " + script.marker())))) {
            List<JsonNode> events = stream.rest();

            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("content-type")).startsWith("text/event-stream");
            assertThat(stream.header("cache-control")).isEqualTo("no-cache");
            assertThat(stream.header("x-request-id")).startsWith("req_");
            assertThat(stream.isDone()).isTrue();
            assertThat(events).hasSizeGreaterThanOrEqualTo(5).allSatisfy(event -> {
                assertThat(event.path("id")).isEqualTo(events.getFirst().path("id"));
                assertThat(event.path("object").asText()).isEqualTo("chat.completion.chunk");
                assertThat(event.path("model").asText()).isEqualTo("scripted");
                assertThat(event.has("usage")).isFalse();
            });
            assertThat(events.getFirst().at("/choices/0/delta/role").asText()).isEqualTo("assistant");
            assertThat(EventStream.text(events)).isEqualTo("Hello you there.");
            JsonNode end = events.getLast().at("/choices/0");
            assertThat(end.path("finish_reason").asText()).isEqualTo("stop");
            assertThat(end.path("delta")).isEmpty();
            JsonNode receipt = events.get(events.size() - 2);
            assertThat(receipt.path("choices")).isEmpty();
            assertThat(receipt.at("/parley/receipt/tokens/output").asInt()).isEqualTo(7);
        }
    }

    @Test
    void usageComesInAChunkOfItsOwnWhenAskedFor() {
        var script = ScriptedProvider.script(Reply.text("Hello.").usage(12, 0, 7));

        try (var stream = open(ChatRequests.with(
                ChatRequests.user("Hi " + script.marker()),
                "\"stream\": true, \"stream_options\": {\"include_usage\": true}"))) {
            List<JsonNode> events = stream.rest();

            JsonNode usage = events.getLast();
            assertThat(usage.path("choices")).isEmpty();
            assertThat(usage.at("/usage/total_tokens").asInt()).isEqualTo(19);
            assertThat(events).filteredOn(event -> event != usage).allSatisfy(event -> assertThat(
                            event.path("usage").isNull())
                    .isTrue());
        }
    }

    @Test
    void everyEventReachesTheClientAtOnce() {
        var gate = new Step.Gate(UUID.randomUUID().toString());
        var script = ScriptedProvider.script(Reply.steps(new Step.Text("first "), gate, new Step.Text("second")));

        try (var stream = open(ChatRequests.streamed(ChatRequests.user("Hi " + script.marker())))) {
            stream.next();
            JsonNode first = stream.next();
            ScriptedProvider.open(gate);
            JsonNode second = stream.next();

            assertThat(first.at("/choices/0/delta/content").asText()).isEqualTo("first ");
            assertThat(second.at("/choices/0/delta/content").asText()).isEqualTo("second");
        }
    }

    @Test
    void toolCallsComeInPieces() {
        var script = ScriptedProvider.script(Reply.steps(
                new Step.ToolCall(0, "call_1", "weather", "{\"city\":"),
                new Step.ToolCall(0, null, null, "\"Bern\"}"),
                new Step.ToolCall(1, "call_2", "time", "{}")));
        var body = ChatRequests.user("Weather? " + script.marker());

        try (var stream = open(ChatRequests.with(body, """
                "stream": true, "tools": [{"type": "function", "function": {"name": "weather"}},
                                          {"type": "function", "function": {"name": "time"}}]"""))) {
            List<JsonNode> pieces = stream.rest().stream()
                    .map(event -> event.at("/choices/0"))
                    .filter(choice -> choice.at("/delta/tool_calls").isArray()
                            || choice.path("finish_reason").isTextual())
                    .toList();

            JsonNode first = pieces.getFirst().at("/delta/tool_calls/0");
            assertThat(first.path("id").asText()).isEqualTo("call_1");
            assertThat(first.path("type").asText()).isEqualTo("function");
            assertThat(first.at("/function/name").asText()).isEqualTo("weather");
            assertThat(arguments(pieces, 0)).isEqualTo("{\"city\":\"Bern\"}");
            assertThat(arguments(pieces, 1)).isEqualTo("{}");
            assertThat(pieces.getLast().path("finish_reason").asText()).isEqualTo("tool_calls");
        }
    }

    @Test
    void aRefusalComesInPieces() {
        var script = ScriptedProvider.script(Reply.steps(new Step.Refusal("I "), new Step.Refusal("can't.")));

        try (var stream = open(ChatRequests.streamed(ChatRequests.user("Hi " + script.marker())))) {
            List<JsonNode> events = stream.rest();

            assertThat(events.stream()
                            .map(event -> event.at("/choices/0/delta/refusal").asText("")))
                    .filteredOn(piece -> !piece.isEmpty())
                    .containsExactly("I ", "can't.");
            assertThat(EventStream.text(events)).isEmpty();
            assertThat(events.getLast().at("/choices/0/finish_reason").asText()).isEqualTo("stop");
            assertThat(stream.isDone()).isTrue();
        }
    }

    @Test
    void aFailureBeforeTheFirstTokenIsAnHttpError() {
        var script = ScriptedProvider.script(Reply.serverError());

        try (var stream = open(ChatRequests.streamed(ChatRequests.user("Hi " + script.marker())))) {
            assertThat(stream.status()).isEqualTo(502);
            assertThat(stream.header("content-type")).startsWith("application/json");
        }
    }

    @Test
    void aFailureAfterTheFirstTokenIsAnErrorEventAndTheEnd() {
        var script = ScriptedProvider.script(Reply.steps(new Step.Text("Once "), new Step.Cut()));

        try (var stream = open(ChatRequests.streamed(ChatRequests.user("Tell " + script.marker())))) {
            List<JsonNode> events = stream.rest();

            assertThat(stream.status()).isEqualTo(200);
            assertThat(EventStream.text(events)).isEqualTo("Once ");
            assertThat(events.getLast().at("/error/type").asText()).isEqualTo("server_error");
            assertThat(events.getLast().at("/error/message").asText()).isNotEmpty();
            assertThat(stream.isDone()).isFalse();
        }
    }

    @Test
    void aStalledProviderEndsTheStreamWithAnError() {
        var script = ScriptedProvider.script(Reply.steps(new Step.Text("Once "), new Step.Stall()));

        try (var stream = open(ChatRequests.streamed(ChatRequests.user("Tell " + script.marker())))) {
            assertThat(stream.rest().getLast().has("error")).isTrue();
        }
    }

    @Test
    void aTurnOutlivesItsClientAndIsPaidWhole() {
        var gate = new Step.Gate("hang-up-" + Ids.next());
        var script = ScriptedProvider.script(Reply.steps(new Step.Text("Half "), gate, new Step.Text("and half.")));
        var tenant = TestTenant.create();

        var stream =
                EventStream.open(tenant.key(), ChatRequests.streamed(ChatRequests.user("Tell " + script.marker())));
        stream.next();
        stream.close();
        ScriptedProvider.open(gate);

        await().atMost(20, SECONDS).until(() -> states(tenant), states -> states.equals(List.of("completed 26")));
        assertThat(script.requests()).noneMatch(RecordedRequest::clientClosed);
    }

    private List<String> states(TestTenant tenant) {
        return transactions.inTenant(
                tenant.id(),
                connection -> Sql.list(
                        connection, "SELECT concat_ws(' ', status, micros) FROM turns", row -> row.getString(1)));
    }

    private EventStream open(String body) {
        return EventStream.open(key, body);
    }

    private static String arguments(List<JsonNode> pieces, int index) {
        var arguments = new StringBuilder();
        for (JsonNode piece : pieces) {
            for (JsonNode call : piece.at("/delta/tool_calls")) {
                if (call.path("index").asInt() == index) {
                    arguments.append(call.at("/function/arguments").asText());
                }
            }
        }
        return arguments.toString();
    }
}

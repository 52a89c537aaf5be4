package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testing.TestTenant;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Asks for responses, and reads what their clients see: in OpenAI's shapes, which it holds them to.
final class SeenResponse {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Set<String> UNDER_WAY = Set.of("queued", "in_progress");

    private SeenResponse() {}

    static Seen ask(TestTenant tenant, FailureTable.Run run, String question) {
        Response answer = tenant.request()
                .body(Map.of(
                        "model",
                        run.model(),
                        "stream",
                        run.way().isStreamed(),
                        "background",
                        run.way().isBackground(),
                        "input",
                        question))
                .post("/v1/responses");
        if (answer.statusCode() != 200) {
            return Seen.ofError(answer);
        }
        if (run.way().isStreamed()) {
            return seen(streamed(answer, run.way()));
        }
        JsonNode response = Seen.read(answer.asString());
        return seen(run.way().isBackground() ? polled(tenant, response) : response);
    }

    /// As the id fetches it.
    static JsonNode fetch(TestTenant tenant, String id) {
        return Seen.read(tenant.request()
                .get("/v1/responses/" + id)
                .then()
                .statusCode(200)
                .extract()
                .asString());
    }

    private static JsonNode polled(TestTenant tenant, JsonNode queued) {
        assertThat(queued.path("status").asText()).isEqualTo("queued");
        String id = queued.path("id").asText();
        return await().atMost(PATIENCE)
                .until(
                        () -> fetch(tenant, id),
                        now -> !UNDER_WAY.contains(now.path("status").asText()));
    }

    /// The response that the last event tells.
    private static JsonNode streamed(Response answer, Way way) {
        List<JsonNode> events =
                Seen.data(answer.asString()).stream().map(Seen::read).toList();
        assertThat(events)
                .extracting(event -> event.path("sequence_number").asInt(-1))
                .as("numbered from 0 without holes")
                .containsExactlyElementsOf(
                        IntStream.range(0, events.size()).boxed().toList());
        List<String> types =
                events.stream().map(event -> event.path("type").asText()).toList();
        assertThat(types)
                .startsWith("response.created", way.isBackground() ? "response.queued" : "response.in_progress");
        JsonNode response = events.getLast().path("response");
        assertThat(types).endsWith(endings(response).toArray(String[]::new));
        assertThat(types.stream().filter(type -> endings(response).contains(type)))
                .as("nothing ends twice")
                .hasSize(endings(response).size());
        assertThat(deltas(events)).as("pieces and whole are the same").isEqualTo(said(response, "text"));
        return response;
    }

    /// An answer that broke off says why before it is over.
    private static List<String> endings(JsonNode response) {
        String status = response.path("status").asText();
        var types = new ArrayList<String>();
        if (status.equals("incomplete") && response.path("error").isObject()) {
            types.add("error");
        }
        types.add("response." + status);
        return types;
    }

    private static String deltas(List<JsonNode> events) {
        var text = new StringBuilder();
        events.stream()
                .filter(event -> event.path("type").asText().equals("response.output_text.delta"))
                .forEach(event -> text.append(event.path("delta").asText()));
        return text.toString();
    }

    private static Seen seen(JsonNode response) {
        return new Seen(
                200,
                null,
                said(response, "text"),
                said(response, "refusal"),
                finishReason(response),
                response.at("/error/code").asText(""),
                response.at("/parley/receipt"),
                response);
    }

    private static String said(JsonNode response, String member) {
        var said = new StringBuilder();
        response.path("output").forEach(item -> item.path("content")
                .forEach(part -> said.append(part.path(member).asText(""))));
        return said.toString();
    }

    private static String finishReason(JsonNode response) {
        return response.path("status").asText().equals("completed")
                ? "stop"
                : response.at("/incomplete_details/reason").asText("");
    }
}

package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.parley.testing.TestTenant;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;

/// Asks for chat completions, and reads what their clients see.
final class SeenCompletion {

    private SeenCompletion() {}

    static Seen ask(TestTenant tenant, FailureTable.Run run, String question) {
        Response answer = tenant.request()
                .body(Map.of(
                        "model",
                        run.model(),
                        "stream",
                        run.way().isStreamed(),
                        "messages",
                        List.of(Map.of("role", "user", "content", question))))
                .post("/v1/chat/completions");
        if (answer.statusCode() != 200) {
            return Seen.ofError(answer);
        }
        return run.way().isStreamed() ? streamed(answer) : whole(answer);
    }

    private static Seen whole(Response answer) {
        JsonNode body = Seen.read(answer.asString());
        JsonNode message = body.at("/choices/0/message");
        return seen(
                message.path("content").asText(""),
                message.path("refusal").asText(""),
                body.at("/choices/0/finish_reason").asText(),
                "",
                body.at("/parley/receipt"));
    }

    private static Seen streamed(Response answer) {
        var text = new StringBuilder();
        var refusal = new StringBuilder();
        String finishReason = "";
        String error = "";
        JsonNode receipt = MissingNode.getInstance();
        List<String> data = Seen.data(answer.asString());
        boolean done = data.getLast().equals("[DONE]");
        for (String each : done ? data.subList(0, data.size() - 1) : data) {
            JsonNode event = Seen.read(each);
            JsonNode choice = event.at("/choices/0");
            text.append(choice.at("/delta/content").asText(""));
            refusal.append(choice.at("/delta/refusal").asText(""));
            finishReason = choice.path("finish_reason").asText(finishReason);
            error = event.at("/error/code").asText(error);
            receipt = event.at("/parley/receipt").isObject() ? event.at("/parley/receipt") : receipt;
        }
        assertThat(done).as("no [DONE] after an error").isEqualTo(error.isEmpty());
        return seen(text.toString(), refusal.toString(), finishReason, error, receipt);
    }

    private static Seen seen(String text, String refusal, String finishReason, String error, JsonNode receipt) {
        return new Seen(200, null, text, refusal, finishReason, error, receipt, null);
    }
}

package dev.parley.chat;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.RecordedRequest;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A model that is paid keeps the summary.
@QuarkusTest
@TestProfile(PaidSummaryIT.Paid.class)
class PaidSummaryIT {

    public static final class Paid implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            String model = "parley.models.chat.summariser.";
            return Map.of(
                    "parley.conversation.summary-model",
                    "summariser",
                    "parley.conversation.summary-tokens",
                    "100",
                    "parley.conversation.history-tokens",
                    "600",
                    model + "provider",
                    "scripted",
                    model + "name",
                    "summariser",
                    model + "context-window",
                    "8192",
                    model + "max-output-tokens",
                    "1024",
                    model + "price.input",
                    "100",
                    model + "price.output",
                    "200");
        }
    }

    private static final String LONG = "alpha ".repeat(100);

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private final String conversation =
            as(tenant.key()).post("/v1/conversations").path("id");

    @Test
    void olderTurnsReachTheModelAsASummaryThatTheTurnPays() {
        var script = script(Reply.text("Ann likes alpha.").usage(300, 0, 10));
        fill(script);

        String turn = say("four ", script)
                .statusCode(200)
                .body("parley.receipt.memory.summary.model", equalTo("summariser"))
                .body("parley.receipt.memory.summary.through", startsWith("msg_"))
                .body("parley.receipt.memory.messages", equalTo(2))
                .body("parley.receipt.warnings", empty())
                // 300 × $100 + 10 × $200, and 12 × $1 + 7 × $2, per million
                .body("parley.receipt.cost_micros", equalTo(32_026))
                .extract()
                .path("id");
        say("five ", script).statusCode(200).body("parley.receipt.cost_micros", equalTo(26));

        List<RecordedRequest> summaries = asked(script, "summariser");
        assertThat(summaries).hasSize(1);
        String material = summaries.getFirst().body().at("/messages/1/content").asText();
        assertThat(material).contains("User: one ", "User: two ").doesNotContain("User: three ");
        JsonNode prompt = asked(script, "scripted").getLast().body().path("messages");
        assertThat(prompt.at("/0/role").asText()).isEqualTo("system");
        assertThat(prompt.at("/0/content").asText())
                .contains("<conversation_summary>\nAnn likes alpha.\n</conversation_summary>");
        assertThat(prompt.at("/1/content").asText()).startsWith("three ");
        assertThat(ledger("summariser")).isEqualTo(32_000);
        assertThat(turn).isNotEmpty();
    }

    @Test
    void aSummaryThatNoBudgetCoversIsLeftOutAndTheTurnGoesOn() {
        var script = script(Reply.text("Never."));
        fill(script, "scripted-alone");
        as(tenant.key())
                .body("{\"scope\": \"tenant\", \"period\": \"day\", \"limit_micros\": 0}")
                .post("/v1/budgets")
                .then()
                .statusCode(200);

        post("scripted-alone", "four " + script.marker())
                .statusCode(200)
                .body("parley.receipt.memory.summary", nullValue())
                .body("parley.receipt.memory.messages", equalTo(4))
                .body("parley.receipt.warnings", hasItem("summary_failed"));

        assertThat(asked(script, "summariser")).isEmpty();
    }

    @Test
    void aSummaryModelThatFailsDoesNotFailTheTurn() {
        var script = script(Reply.serverError().onlyFor("summariser"));
        fill(script);

        say("four ", script)
                .statusCode(200)
                .body("parley.receipt.warnings", hasItem("summary_failed"))
                .body("parley.receipt.attempts", hasSize(1))
                .body("parley.receipt.cost_micros", equalTo(26));

        assertThat(ledger("summariser")).isZero();
    }

    /// Three turns: the third leaves no room for the first.
    private void fill(ScriptedProvider.Script script) {
        fill(script, "scripted");
    }

    private void fill(ScriptedProvider.Script script, String model) {
        for (String word : List.of("one ", "two ", "three ")) {
            post(model, word + LONG + script.marker()).statusCode(200);
        }
    }

    private ValidatableResponse say(String text, ScriptedProvider.Script script) {
        return post("scripted", text + script.marker());
    }

    private ValidatableResponse post(String model, String text) {
        ObjectNode body = ChatRequests.to(model, text);
        body.putObject("parley").put("conversation", conversation);
        return as(tenant.key())
                .body(body.toString())
                .post("/v1/chat/completions")
                .then();
    }

    private static ScriptedProvider.Script script(Reply ofSummariser) {
        return ScriptedProvider.script(
                ofSummariser.onlyFor("summariser"),
                Reply.text("Noted.").onlyFor("scripted"),
                Reply.text("Noted.").onlyFor("scripted-alone"));
    }

    private static List<RecordedRequest> asked(ScriptedProvider.Script script, String model) {
        return script.requests().stream()
                .filter(request -> request.body().path("model").asText().equals(model))
                .toList();
    }

    private long ledger(String model) {
        return transactions.inTenant(tenant.id(), connection -> Sql.first(
                        connection,
                        "SELECT coalesce(sum(cost_micros), 0) FROM ledger WHERE tenant_id = ? AND model = ?",
                        row -> row.getLong(1),
                        tenant.id(),
                        model)
                .orElseThrow());
    }
}

package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.chat.FailureTable.Answered;
import dev.parley.chat.FailureTable.CutShort;
import dev.parley.chat.FailureTable.Fails;
import dev.parley.chat.FailureTable.FallsBack;
import dev.parley.chat.FailureTable.Run;
import dev.parley.model.ApproximateTokens;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way a provider can fail, streamed and whole, with and without a fallback: what the client sees, what is
/// billed, what the receipt says.
@QuarkusTest
class FailureTableIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    Transactions transactions;

    static Stream<Run> runs() {
        return FailureTable.runs();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void aFailureIsToldSettledAndOnTheReceipt(Run run) throws Exception {
        TestTenant tenant = TestTenant.create();
        budget(tenant);
        var script = ScriptedProvider.script(
                run.row().reply().onlyFor(run.model()),
                Reply.text("Instead.").usage(10, 0, 5).onlyFor(FailureTable.FALLBACK));

        Response response = tenant.request()
                .body(JSON.writeValueAsString(Map.of(
                        "model",
                        run.model(),
                        "stream",
                        run.streamed(),
                        "messages",
                        List.of(Map.of("role", "user", "content", "Hi " + script.marker())))))
                .post("/v1/chat/completions");

        var seen = Seen.of(response);
        Books books = books(tenant);
        switch (run.expected()) {
            case Answered answered -> answered(answered, seen, books);
            case Fails fails -> failed(fails.attempt(), fails.status(), fails.code(), seen, books);
            case FallsBack falls when run.fallback() -> fellBack(falls, seen, books);
            case FallsBack falls -> {
                failed(falls.attempt(), falls.status(), falls.code(), seen, books);
                assertThat(response.header("Retry-After")).isEqualTo(falls.retryAfter());
            }
            case CutShort cut -> cutShort(cut, seen, books);
        }
        addsUp(seen.receipt, books);
    }

    private static void answered(Answered expected, Seen seen, Books books) {
        assertThat(seen.status).isEqualTo(200);
        assertThat(seen.error.isMissingNode()).as(seen.error.toString()).isTrue();
        assertThat(seen.finishReason).isEqualTo(expected.finishReason());
        assertThat(seen.refusal).isEqualTo(expected.refusal());
        assertThat(books.status).isEqualTo(expected.status());
        assertThat(attempts(seen)).containsExactly("ok");
        assertThat(seen.receipt.path("fallback").asBoolean()).isFalse();
        assertThat(books.micros).isEqualTo(26); // 12 tokens in, 7 out, as the provider told them
        assertThat(books.estimated).isFalse();
    }

    private static void fellBack(FallsBack expected, Seen seen, Books books) {
        assertThat(seen.status).isEqualTo(200);
        assertThat(seen.text).isEqualTo("Instead.");
        assertThat(books.status).isEqualTo("completed");
        assertThat(seen.receipt.path("fallback").asBoolean()).isTrue();
        assertThat(seen.receipt.path("model").asText()).isEqualTo(FailureTable.FALLBACK);
        List<String> attempts = attempts(seen);
        assertThat(attempts).endsWith("ok").hasSizeGreaterThan(1);
        assertThat(attempts.subList(0, attempts.size() - 1)).containsOnly(expected.attempt());
        assertThat(books.models).as("who failed is not paid").containsExactly(FailureTable.FALLBACK);
        assertThat(books.micros).isEqualTo(20);
    }

    private static void failed(String attempt, int status, String code, Seen seen, Books books) {
        assertThat(seen.status).isEqualTo(status);
        assertThat(seen.error.path("code").asText()).isEqualTo(code);
        assertThat(attempts(seen)).isNotEmpty().containsOnly(attempt);
        assertThat(seen.receipt.has("model")).as("nobody answered").isFalse();
        assertThat(books.status).isEqualTo("failed");
        assertThat(books.models).as("nothing before the first token is paid").isEmpty();
    }

    private static void cutShort(CutShort expected, Seen seen, Books books) {
        assertThat(seen.status).isEqualTo(200);
        assertThat(seen.text).isEqualTo(FailureTable.HALF);
        assertThat(seen.error.path("code").asText()).isEqualTo("stream_interrupted");
        assertThat(seen.done).as("no [DONE] after an error").isFalse();
        assertThat(attempts(seen)).as("no retry, no fallback").containsExactly(expected.attempt());
        assertThat(books.status).isEqualTo("incomplete");
        assertThat(books.estimated).isTrue();
        assertThat(books.output).isEqualTo(ApproximateTokens.count(FailureTable.HALF));
        assertThat(books.micros).isEqualTo(books.input + 2 * books.output);
    }

    /// Receipt, ledger and budget agree to the micro-dollar, and nothing stays reserved.
    private static void addsUp(JsonNode receipt, Books books) {
        assertThat(receipt.path("cost_micros").asLong(-1)).isEqualTo(books.micros);
        assertThat(receipt.path("tokens").path("input").asLong(-1)).isEqualTo(books.input);
        assertThat(receipt.path("tokens").path("output").asLong(-1)).isEqualTo(books.output);
        assertThat(receipt.path("estimated").asBoolean()).isEqualTo(books.estimated);
        assertThat(books.budget).isEqualTo("0 0 %d %d".formatted(books.micros, books.input + books.output));
    }

    private static List<String> attempts(Seen seen) {
        return seen.receipt
                .path("attempts")
                .valueStream()
                .map(attempt -> attempt.path("failure").asText("ok"))
                .toList();
    }

    private void budget(TestTenant tenant) {
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(
                        connection,
                        "INSERT INTO budgets (tenant_id, id, scope, period, limit_micros, limit_tokens) "
                                + "VALUES (?, gen_random_uuid(), 'tenant', 'month', 1000000000, 1000000000)",
                        tenant.id()));
    }

    /// What the database has of the tenant's one turn.
    record Books(
            String status,
            List<String> models,
            long input,
            long output,
            long micros,
            boolean estimated,
            String budget) {}

    private Books books(TestTenant tenant) {
        return transactions.inTenant(tenant.id(), connection -> Sql.first(
                        connection,
                        """
                                SELECT (SELECT status FROM turns), array(SELECT model FROM ledger) AS models,
                                       coalesce(sum(input_tokens), 0) AS input, coalesce(sum(output_tokens), 0) AS output,
                                       coalesce(sum(cost_micros), 0) AS micros,
                                       coalesce(bool_or(estimated), false) AS estimated,
                                       (SELECT concat_ws(' ', reserved_micros, reserved_tokens, spent_micros, spent_tokens)
                                          FROM budget_periods) AS budget
                                  FROM ledger""",
                        row -> new Books(
                                row.getString("status"),
                                List.of((String[]) row.getArray("models").getArray()),
                                row.getLong("input"),
                                row.getLong("output"),
                                row.getLong("micros"),
                                row.getBoolean("estimated"),
                                row.getString("budget")))
                .orElseThrow());
    }

    /// What the client was told, by a body or by events.
    record Seen(
            int status,
            String text,
            String refusal,
            String finishReason,
            boolean done,
            JsonNode error,
            JsonNode receipt) {

        static Seen of(Response response) throws Exception {
            String body = response.asString();
            if (!response.contentType().startsWith("text/event-stream")) {
                JsonNode tree = JSON.readTree(body);
                JsonNode message = tree.at("/choices/0/message");
                return new Seen(
                        response.statusCode(),
                        message.path("content").asText(""),
                        message.path("refusal").asText(""),
                        tree.at("/choices/0/finish_reason").asText(""),
                        false,
                        tree.path("error"),
                        tree.at("/parley/receipt"));
            }
            var text = new StringBuilder();
            var refusal = new StringBuilder();
            String finishReason = "";
            JsonNode error = JSON.missingNode();
            JsonNode receipt = JSON.missingNode();
            boolean done = false;
            for (String line :
                    body.lines().filter(each -> each.startsWith("data: ")).toList()) {
                if (line.equals("data: [DONE]")) {
                    done = true;
                    continue;
                }
                JsonNode event = JSON.readTree(line.substring("data: ".length()));
                text.append(event.at("/choices/0/delta/content").asText(""));
                refusal.append(event.at("/choices/0/delta/refusal").asText(""));
                finishReason = event.at("/choices/0/finish_reason").asText(finishReason);
                finishReason = finishReason.equals("null") ? "" : finishReason;
                error = event.has("error") ? event.path("error") : error;
                receipt = event.at("/parley/receipt").isObject() ? event.at("/parley/receipt") : receipt;
            }
            return new Seen(
                    response.statusCode(), text.toString(), refusal.toString(), finishReason, done, error, receipt);
        }
    }
}

package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.chat.FailureTable.Answered;
import dev.parley.chat.FailureTable.CutShort;
import dev.parley.chat.FailureTable.Fails;
import dev.parley.chat.FailureTable.Failure;
import dev.parley.chat.FailureTable.FallsBack;
import dev.parley.chat.FailureTable.Run;
import dev.parley.model.ApproximateTokens;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way a provider can fail, by every way to ask, with and without a fallback: what the client sees, what is
/// billed, what the receipt says.
@QuarkusTest
class FailureTableIT {

    /// Most of the time goes into waiting for time-outs, so a few turns are under way while the first ones are checked.
    private static final int AT_ONCE = 4;

    private static final ExecutorService CLIENTS = Executors.newFixedThreadPool(AT_ONCE);
    private static final Map<String, Future<Heard>> HEARD = new HashMap<>();

    @Inject
    Transactions transactions;

    /// @param tenant it has asked for nothing else
    record Heard(TestTenant tenant, Seen seen) {

        static Heard of(Run run) {
            TestTenant tenant = TestTenant.create();
            tenant.request()
                    .body(Map.of(
                            "scope",
                            "tenant",
                            "period",
                            "month",
                            "limit_micros",
                            1_000_000_000,
                            "limit_tokens",
                            1_000_000_000))
                    .post("/v1/budgets")
                    .then()
                    .statusCode(200);
            var script = ScriptedProvider.script(
                    run.row().reply().onlyFor(run.model()),
                    Reply.text("Instead.").usage(10, 0, 5).onlyFor(FailureTable.FALLBACK));
            String question = "Hi " + script.marker();
            return new Heard(
                    tenant,
                    run.way().isCompletion()
                            ? SeenCompletion.ask(tenant, run, question)
                            : SeenResponse.ask(tenant, run, question));
        }
    }

    static List<Run> runs() {
        return FailureTable.runs();
    }

    @BeforeAll
    static void ask() {
        runs().forEach(run -> HEARD.put(run.toString(), CLIENTS.submit(() -> Heard.of(run))));
    }

    @AfterAll
    static void stop() {
        CLIENTS.shutdownNow();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void aFailureIsToldSettledAndOnTheReceipt(Run run) throws Exception {
        Heard heard = HEARD.get(run.toString()).get();
        Seen seen = heard.seen();
        Books books = books(heard.tenant());

        switch (run.expected()) {
            case Answered answered -> answered(answered, seen, books);
            case Fails fails -> failed(run.way(), fails.failure(), seen, books);
            case FallsBack falls when run.fallback() -> fellBack(falls.alone(), seen, books);
            case FallsBack falls -> failed(run.way(), falls.alone(), seen, books);
            case CutShort cut -> cutShort(run.way(), cut, seen, books);
        }
        addsUp(seen.receipt(), books);
        if (!run.way().isCompletion()) {
            isStored(heard, books);
        }
    }

    private static void answered(Answered expected, Seen seen, Books books) {
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.error()).isEmpty();
        assertThat(seen.finishReason()).isEqualTo(expected.finishReason());
        assertThat(seen.refusal()).isEqualTo(expected.refusal());
        assertThat(books.status).isEqualTo(expected.status());
        assertThat(seen.attempts()).containsExactly("ok");
        assertThat(seen.receipt().path("fallback").asBoolean()).isFalse();
        assertThat(books.micros).isEqualTo(26); // 12 tokens in, 7 out, as the provider told them
        assertThat(books.estimated).isFalse();
    }

    private static void fellBack(Failure expected, Seen seen, Books books) {
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.error()).isEmpty();
        assertThat(seen.text()).isEqualTo("Instead.");
        assertThat(books.status).isEqualTo("completed");
        assertThat(seen.receipt().path("fallback").asBoolean()).isTrue();
        assertThat(seen.receipt().path("model").asText()).isEqualTo(FailureTable.FALLBACK);
        List<String> attempts = seen.attempts();
        assertThat(attempts).endsWith("ok").hasSizeGreaterThan(1);
        assertThat(attempts.subList(0, attempts.size() - 1)).containsOnly(expected.attempt());
        assertThat(books.models).as("who failed is not paid").containsExactly(FailureTable.FALLBACK);
        assertThat(books.micros).isEqualTo(20);
    }

    private static void failed(Way way, Failure expected, Seen seen, Books books) {
        assertThat(seen.status()).isEqualTo(way.tellsByStatus() ? expected.status() : 200);
        assertThat(seen.error()).isEqualTo(way.tellsByStatus() ? expected.code() : codeOfResponse(expected.status()));
        assertThat(seen.retryAfter()).isEqualTo(way.tellsByStatus() ? expected.retryAfter() : null);
        assertThat(seen.text()).isEmpty();
        assertThat(seen.attempts()).isNotEmpty().containsOnly(expected.attempt());
        assertThat(seen.receipt().has("model")).as("nobody answered").isFalse();
        assertThat(books.status).isEqualTo("failed");
        assertThat(books.models).as("nothing before the first token is paid").isEmpty();
    }

    private static void cutShort(Way way, CutShort expected, Seen seen, Books books) {
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.text()).isEqualTo(FailureTable.HALF);
        assertThat(seen.error()).isEqualTo(way.isCompletion() ? "stream_interrupted" : "server_error");
        assertThat(seen.finishReason()).as("it is not the model that ended").isEmpty();
        assertThat(seen.attempts()).as("no retry, no fallback").containsExactly(expected.attempt());
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

    /// What its id fetches from now on is what was told, or says the same of a failure that a status told.
    private static void isStored(Heard heard, Books books) {
        Seen seen = heard.seen();
        JsonNode stored = SeenResponse.fetch(heard.tenant(), Ids.format("resp_", books.turn));
        assertThat(stored.path("status").asText()).isEqualTo(books.status);
        assertThat(stored.at("/parley/receipt")).isEqualTo(seen.receipt());
        if (books.status.equals("failed")) {
            assertThat(stored.path("usage").isNull()).isTrue();
        } else {
            assertThat(stored.at("/usage/input_tokens").asLong(-1)).isEqualTo(books.input);
            assertThat(stored.at("/usage/output_tokens").asLong(-1)).isEqualTo(books.output);
        }
        if (seen.response() != null) {
            assertThat(stored).isEqualTo(seen.response());
        } else {
            assertThat(stored.at("/error/code").asText()).isEqualTo(codeOfResponse(seen.status()));
        }
    }

    /// OpenAI's codes for responses are few.
    private static String codeOfResponse(int status) {
        if (status == 429) {
            return "rate_limit_exceeded";
        }
        return status >= 500 ? "server_error" : "invalid_prompt";
    }

    /// What the database has of the tenant's one turn.
    record Books(
            UUID turn,
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
                                SELECT (SELECT id FROM turns), (SELECT status FROM turns), array(SELECT model FROM ledger) AS models,
                                       coalesce(sum(input_tokens), 0) AS input, coalesce(sum(output_tokens), 0) AS output,
                                       coalesce(sum(cost_micros), 0) AS micros,
                                       coalesce(bool_or(estimated), false) AS estimated,
                                       (SELECT concat_ws(' ', reserved_micros, reserved_tokens, spent_micros, spent_tokens)
                                          FROM budget_periods) AS budget
                                  FROM ledger""",
                        row -> new Books(
                                row.getObject("id", UUID.class),
                                row.getString("status"),
                                List.of((String[]) row.getArray("models").getArray()),
                                row.getLong("input"),
                                row.getLong("output"),
                                row.getLong("micros"),
                                row.getBoolean("estimated"),
                                row.getString("budget")))
                .orElseThrow());
    }
}

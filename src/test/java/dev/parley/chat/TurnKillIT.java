package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import dev.parley.testing.TableLock;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The process that runs a turn is killed at every step of it. Whoever asks again gets one answer, everything is billed
/// once, and nothing stays reserved.
@QuarkusTest
class TurnKillIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Of the scripted answer: 12 tokens at $1 and 7 at $2 a million, in micro-dollars.
    private static final long PRICE = 26;

    /// Where the process dies, and how it is held there.
    enum Moment {
        ADMITTING("turns IN SHARE MODE"),
        GATHERING("conversation_items IN ACCESS EXCLUSIVE MODE"),
        ASKED(null),
        ANSWERING(null),
        SETTLING("ledger IN SHARE MODE"),
        SETTLED(null);

        private final String lock;

        Moment(String lock) {
            this.lock = lock;
        }
    }

    @Inject
    Transactions transactions;

    private final HttpClient http = HttpClient.newHttpClient();
    private TestTenant tenant;
    private String conversation;

    @BeforeEach
    void aTenantWithABudgetAndAConversation() {
        tenant = TestTenant.create();
        conversation =
                tenant.request().post("/v1/conversations").then().extract().path("id");
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(
                        connection,
                        "INSERT INTO budgets (tenant_id, id, scope, period, limit_micros) VALUES (?, ?, 'tenant', 'day', ?)",
                        tenant.id(),
                        Ids.next(),
                        1_000_000));
    }

    @ParameterizedTest
    @EnumSource
    void aKillLosesAndRepeatsNothing(Moment moment) throws Exception {
        var gate = new Step.Gate("kill-" + Ids.next());
        var script = ScriptedProvider.script(reply(moment, gate));
        String body = body(script.marker());
        try (var process = ParleyProcess.start(config())) {
            try (TableLock lock = moment.lock == null ? TableLock.none() : TableLock.hold(moment.lock)) {
                CompletableFuture<HttpResponse<String>> asked = ask(process, body);
                awaitMoment(moment, script, lock);
                process.kill();
                lock.endWaiting();
                await().atMost(PATIENCE).until(asked::isDone);
            }
            ScriptedProvider.open(gate);
        }
        try (var process = ParleyProcess.start(config())) {
            HttpResponse<String> first = settledAnswer(process, body);
            HttpResponse<String> second = ask(process, body).join();

            assertThat(first.body()).contains(isAnswered(moment) ? "\"finish_reason\":\"stop\"" : "turn_lost");
            assertThat(second.body()).isEqualTo(first.body());
            assertThat(script.requests()).hasSize(moment == Moment.GATHERING ? 0 : 1);
            assertBooksAddUp(isAnswered(moment));
        }
    }

    /// Before the admission nothing had happened, and after the settlement everything had.
    private static boolean isAnswered(Moment moment) {
        return moment == Moment.ADMITTING || moment == Moment.SETTLED;
    }

    private static Reply reply(Moment moment, Step.Gate gate) {
        return switch (moment) {
            case ASKED -> Reply.steps(gate, new Step.Text("Never heard."));
            case ANSWERING -> Reply.steps(new Step.Text("Half an "), gate, new Step.Text("answer."));
            default -> Reply.text("Fine.");
        };
    }

    private String body(String marker) {
        return """
                {"model": "scripted", "stream": true, "messages": [{"role": "user", "content": "Hi %s"}],
                 "parley": {"conversation": "%s"}}""".formatted(marker, conversation);
    }

    private static Map<String, String> config() {
        var config = new HashMap<>(ParleyProcess.scripted());
        config.put("parley.usage.lease", "2s");
        config.put("parley.job.housekeeping.poll", "500ms");
        // The provider holds its answer until the process is dead.
        config.put("parley.models.providers.scripted.first-token-timeout", "60s");
        config.put("parley.models.providers.scripted.stall-timeout", "60s");
        config.put("parley.models.providers.scripted.timeout", "60s");
        return config;
    }

    private CompletableFuture<HttpResponse<String>> ask(ParleyProcess process, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(process.url() + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + tenant.key())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "once")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    /// A turn whose lease has not run out yet is still under way to who asks.
    private HttpResponse<String> settledAnswer(ParleyProcess process, String body) {
        return await().atMost(PATIENCE)
                .until(() -> ask(process, body).join(), response -> response.statusCode() != 409);
    }

    private void awaitMoment(Moment moment, ScriptedProvider.Script script, TableLock lock) {
        switch (moment) {
            case ADMITTING -> lock.awaitWaiting("admit(");
            case GATHERING -> lock.awaitWaiting("conversation_items");
            case SETTLING -> lock.awaitWaiting("settle(");
            case ASKED -> await().atMost(PATIENCE).until(() -> script.requests().size() == 1);
            case ANSWERING -> await().atMost(PATIENCE).until(() -> count("SELECT count(*) FROM turn_events") > 0);
            case SETTLED ->
                await().atMost(PATIENCE)
                        .until(() -> count("SELECT count(*) FROM turns WHERE status = 'completed'") > 0);
        }
    }

    private void assertBooksAddUp(boolean answered) {
        assertThat(count("SELECT count(*) FROM turns WHERE status IN ('queued', 'in_progress')"))
                .isZero();
        assertThat(count("SELECT sum(reserved_micros) FROM budget_periods")).isZero();
        long spent = count("SELECT sum(spent_micros) FROM budget_periods");
        assertThat(spent).isEqualTo(count("SELECT sum(cost_micros) FROM ledger"));
        assertThat(spent).isEqualTo(count("SELECT sum(micros) FROM turns"));
        assertThat(count("SELECT count(*) FROM ledger")).isEqualTo(1);
        assertThat(count("SELECT count(*) FROM ledger WHERE estimated")).isEqualTo(answered ? 0 : 1);
        if (answered) {
            assertThat(spent).isEqualTo(PRICE);
        }
    }

    private long count(String sql) {
        return transactions.<Long>inTenant(tenant.id(), connection -> Sql.first(connection, sql, row -> row.getLong(1))
                .orElseThrow());
    }
}

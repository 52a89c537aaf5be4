package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.chat.responses.ResponseRequests;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.Step;
import dev.parley.testing.TestTenant;
import dev.parley.testing.WithoutWorkers;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Turns that have to end while their provider is silent, and would be for a minute: one process runs them, another
/// hears of the wish to end them.
@QuarkusTest
@TestProfile(WithoutWorkers.class) // or it might take the jobs of the process that is to be told
@Tag("packaged")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CutShortIT {

    private static final Duration A_RENEWAL = Duration.ofSeconds(4);
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    /// More than the buffers of a connection hold: whoever writes it learns whether anybody reads.
    private static final String LARGE = "a".repeat(8_000_000);

    @Inject
    Transactions transactions;

    private final Step.Gate gate = new Step.Gate("cut-" + UUID.randomUUID());
    private ParleyProcess owner;
    private ParleyProcess other;

    @BeforeAll
    void start() throws Exception {
        owner = ParleyProcess.start(config("1"));
        other = ParleyProcess.start(config("0"));
    }

    @AfterAll
    void stop() {
        owner.close();
        other.close();
    }

    @ParameterizedTest
    @CsvSource({"scripted, true", "scripted, false", "scripted-gemini, true", "scripted-gemini, false"})
    void aCancelReachesAProviderThatHasNotBegunAtOnce(String model, boolean streamed) {
        TestTenant tenant = TestTenant.create();
        var closed = new Step.Gate("closed-" + UUID.randomUUID());
        Script script = ScriptedProvider.script(Reply.steps(closed, new Step.Text(LARGE)));
        String id = inBackground(tenant, script, model, streamed);

        assertThat(cancel(owner, tenant, id)).isEqualTo("cancelled");

        assertThat(ledger(tenant)).containsExactly(model + " true true 0");
        assertThat(rows(tenant, "SELECT count(*) FROM budget_periods WHERE reserved_micros > 0"))
                .containsExactly("0");
        ScriptedProvider.open(closed);
        await().until(() -> script.requests().getFirst().clientClosed());
        assertThat(script.requests()).hasSize(1);
    }

    @Test
    void aCancelReachesAStreamThatFellSilentAndWhatWasSaidIsPaid() {
        TestTenant tenant = TestTenant.create();
        Script script = ScriptedProvider.script(Reply.steps(new Step.Text("Once upon a time "), gate));
        String id = inBackground(tenant, script, "scripted", true);
        await().until(() -> !rows(tenant, "SELECT 1 FROM turn_events").isEmpty());

        assertThat(cancel(owner, tenant, id)).isEqualTo("cancelled");

        assertThat(ledger(tenant)).containsExactly("scripted true true 5");
    }

    @Test
    void aCancelElsewhereReachesItsOwnerWithARenewal() {
        TestTenant tenant = TestTenant.create();
        Script script = ScriptedProvider.script(Reply.steps(gate));
        String id = inBackground(tenant, script, "scripted", false);

        cancel(other, tenant, id);

        await().atMost(A_RENEWAL).until(() -> status(other, tenant, id).equals("cancelled"));
        assertThat(ledger(tenant)).containsExactly("scripted true true 0");
    }

    @Test
    void aCancelEndsThePauseBetweenTwoTriesAndARefusedCallCostsNothing() {
        TestTenant tenant = TestTenant.create();
        Script script = ScriptedProvider.script(Reply.rateLimited(8));
        String id = inBackground(tenant, script, "scripted", false);

        assertThat(cancel(owner, tenant, id)).isEqualTo("cancelled");

        assertThat(ledger(tenant)).isEmpty();
        assertThat(script.requests()).hasSize(1);
    }

    @Test
    void aShutdownCutsSummariesQueriesAndEmbeddings() throws Exception {
        TestTenant tenant = TestTenant.create();
        var silent = Reply.steps(gate);
        Script summary = ScriptedProvider.script(
                silent.onlyFor("summariser"), Reply.text("Noted.").onlyFor("scripted"));
        Script query = ScriptedProvider.script(silent);
        Script vectors = ScriptedProvider.script(silent);
        try (var process = ParleyProcess.start(config("0"));
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            ObjectNode remembering = longConversation(process, tenant, summary);
            ObjectNode searching = ChatRequests.user("What of " + query.marker());
            searching.putObject("parley").putArray("vector_store_ids").add(store(process, tenant));
            var embedding = Map.of("model", "scripted-embedding", "input", "What of " + vectors.marker());

            var answers = List.of(
                    CompletableFuture.supplyAsync(
                            () -> post(process, tenant, "/v1/chat/completions", remembering.toString()), clients),
                    CompletableFuture.supplyAsync(
                            () -> post(process, tenant, "/v1/chat/completions", searching.toString()), clients),
                    CompletableFuture.supplyAsync(() -> post(process, tenant, "/v1/embeddings", embedding), clients));
            await().until(() -> isAsked(summary, "summariser")
                    && isAsked(query, "scripted-embedding")
                    && isAsked(vectors, "scripted-embedding"));
            process.terminate();

            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.get().<String>path("error.code")).isEqualTo("server_shutting_down");
                assertThat(answer.get().statusCode()).isEqualTo(503);
            });
            assertThat(process.awaitEnd(GRACE.plus(LAST_WORDS))).isTrue();
        }
        assertThat(rows(tenant, "SELECT count(*) FROM turns WHERE status = 'failed'"))
                .containsExactly("3");
        assertThat(rows(tenant, "SELECT model || ' ' || (input_tokens > 0) FROM ledger WHERE estimated ORDER BY 1"))
                .containsExactly("scripted-embedding true", "scripted-embedding true", "summariser true");
        assertThat(isAsked(query, "scripted")).isFalse();
    }

    private ObjectNode longConversation(ParleyProcess process, TestTenant tenant, Script script) {
        String conversation = post(process, tenant, "/v1/conversations", "{}").path("id");
        ObjectNode turn = ChatRequests.user("alpha ".repeat(100) + script.marker());
        turn.putObject("parley").put("conversation", conversation);
        for (int i = 0; i < 3; i++) {
            post(process, tenant, "/v1/chat/completions", turn.toString())
                    .then()
                    .statusCode(200);
        }
        return turn;
    }

    private static String store(ParleyProcess process, TestTenant tenant) {
        return post(process, tenant, "/v1/vector_stores", "{\"name\": \"empty\"}")
                .path("id");
    }

    private static boolean isAsked(Script script, String model) {
        return script.requests().stream().anyMatch(request -> request.model().equals(model));
    }

    private String inBackground(TestTenant tenant, Script script, String model, boolean streamed) {
        String members = "'model': '%s', 'background': true, 'stream': %s, 'input': 'Hi %s'"
                .formatted(model, streamed, script.marker());
        String body = ResponseRequests.body(members).toString();
        // The stream's own client is gone at once.
        if (streamed) {
            EventStream.post(owner.url(), tenant.key(), "/v1/responses", body).close();
        } else {
            post(owner, tenant, "/v1/responses", body).then().statusCode(200);
        }
        await().until(() -> script.requests().size() == 1);
        return Ids.format(
                "resp_", UUID.fromString(rows(tenant, "SELECT id FROM turns").getFirst()));
    }

    /// How the response stands when its cancelling is answered, which waits two seconds for its end.
    private static String cancel(ParleyProcess process, TestTenant tenant, String id) {
        return post(process, tenant, "/v1/responses/" + id + "/cancel", "").path("status");
    }

    private static String status(ParleyProcess process, TestTenant tenant, String id) {
        return to(process, tenant).get("/v1/responses/" + id).path("status");
    }

    private static Response post(ParleyProcess process, TestTenant tenant, String path, Object body) {
        return to(process, tenant).body(body).post(path);
    }

    private static RequestSpecification to(ParleyProcess process, TestTenant tenant) {
        return tenant.request().baseUri(process.url());
    }

    private static Map<String, String> config(String workers) {
        var config = new HashMap<>(ParleyProcess.scripted());
        for (String provider : List.of("scripted", "scripted-gemini")) {
            for (String timeout : List.of("first-token-timeout", "stall-timeout", "timeout")) {
                config.put("parley.models.providers." + provider + "." + timeout, "60s");
            }
        }
        config.put("parley.embedding-model", "scripted-embedding");
        String model = "parley.models.chat.summariser.";
        config.put(model + "provider", "scripted");
        config.put(model + "name", "summariser");
        config.put(model + "context-window", "8192");
        config.put(model + "max-output-tokens", "1024");
        config.put(model + "price.input", "1");
        config.put(model + "price.output", "2");
        config.put("parley.conversation.summary-model", "summariser");
        config.put("parley.conversation.summary-tokens", "100");
        config.put("parley.conversation.history-tokens", "600");
        config.put("parley.usage.lease", "2s");
        config.put("parley.usage.shutdown-grace", GRACE.toString());
        config.put("parley.job.workers", workers);
        return config;
    }

    /// Model, whether it is an estimate, whether a prompt is paid, and the tokens of the answer.
    private List<String> ledger(TestTenant tenant) {
        return rows(
                tenant,
                "SELECT model || ' ' || estimated || ' ' || (input_tokens > 0) || ' ' || output_tokens FROM ledger");
    }

    private List<String> rows(TestTenant tenant, String sql) {
        return transactions.inTenant(tenant.id(), connection -> Sql.list(connection, sql, row -> row.getString(1)));
    }
}

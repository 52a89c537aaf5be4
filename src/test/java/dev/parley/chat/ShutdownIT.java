package dev.parley.chat;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.DatabaseWire;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.Step;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The packaged application is asked to end while turns run.
@QuarkusTest
@Tag("packaged")
class ShutdownIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration GRACE = Duration.ofSeconds(10);

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private final Step.Gate gate = new Step.Gate("shutdown-" + UUID.randomUUID());
    private final Step.Gate never = new Step.Gate("never-" + UUID.randomUUID());

    @Test
    void aShortTurnFinishesALongOneIsEndedAndBothAreSettled() throws Exception {
        budget();
        Script shortTurn = ScriptedProvider.script(Reply.steps(gate, new Step.Text("Whole.")));
        Script longStream = ScriptedProvider.script(Reply.steps(new Step.Text("Before "), never));
        Script further = ScriptedProvider.script(Reply.text("Served."));
        TestTenant other = TestTenant.create();
        Script longWhole = ScriptedProvider.script(Reply.steps(never, new Step.Text("Too late.")));

        try (var process = ParleyProcess.start(config());
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                var stream = EventStream.open(process.url(), tenant.key(), body(longStream, true))) {
            JsonNode first = stream.next();
            Future<Response> finishing = clients.submit(() -> say(process, tenant, shortTurn));
            Future<Response> failing = clients.submit(() -> say(process, tenant, longWhole));
            await().until(() ->
                    shortTurn.requests().size() + longWhole.requests().size() == 2);

            process.terminate();
            await().until(() -> refuses(process, other, further));
            ScriptedProvider.open(gate);

            assertThat(finishing.get().statusCode()).isEqualTo(200);
            assertThat(finishing.get().<String>path("choices[0].message.content"))
                    .isEqualTo("Whole.");
            assertThat(failing.get().statusCode()).isEqualTo(503);
            assertThat(failing.get().<String>path("error.code")).isEqualTo("server_shutting_down");
            // The provider has read its prompt.
            assertThat(failing.get().<Integer>path("parley.receipt.cost_micros"))
                    .isPositive();
            var events = new ArrayList<JsonNode>(List.of(first));
            events.addAll(stream.rest());
            assertThat(EventStream.text(events)).isEqualTo("Before ");
            assertThat(events.getLast().at("/error/code").asText()).isEqualTo("server_shutting_down");
            assertThat(events.getLast().at("/parley/receipt/estimated").asBoolean())
                    .isTrue();
            assertThat(process.awaitEnd(GRACE.plusSeconds(6))).isTrue();
        }

        assertThat(rows("SELECT status FROM turns ORDER BY 1")).containsExactly("completed", "failed", "incomplete");
        assertThat(rows("SELECT count(*) || ' ' || bool_or(estimated) FROM ledger"))
                .containsExactly("3 true");
        assertThat(rows("SELECT reserved_micros || ' ' || reserved_tokens || ' ' || "
                        + "(spent_micros = (SELECT sum(cost_micros) FROM ledger)) FROM budget_periods"))
                .containsExactly("0 0 true");
    }

    @Test
    void answersThatWereBrokenOffAreNotWaitedFor() throws Exception {
        try (var process = ParleyProcess.start(config())) {
            String file = upload(process);
            transactions.runInTenant(
                    tenant.id(), connection -> Sql.update(connection, "UPDATE files SET bytes = bytes * 2"));
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> tenant.request()
                                .baseUri(process.url())
                                .get("/v1/files/" + file + "/content")
                                .asByteArray())
                        .hasMessageContaining("end of Content-Length");
            }

            process.terminate();
            assertThat(process.awaitEnd(GRACE.plusSeconds(6))).isTrue();
        }
    }

    private String upload(ParleyProcess process) {
        return given().baseUri(process.url())
                .header("Authorization", "Bearer " + tenant.key())
                .multiPart("file", "large.txt", new byte[3 * 1024 * 1024], "text/plain")
                .multiPart("purpose", "user_data")
                .post("/v1/files")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    @Test
    void aTurnThatEndedWhileTheDatabaseIsAwayIsSettledBeforeTheProcessEnds() throws Exception {
        Script script =
                ScriptedProvider.script(Reply.steps(new Step.Text("Before "), gate, new Step.Text("and after.")));
        String url = ConfigProvider.getConfig().getValue("quarkus.datasource.jdbc.url", String.class);
        URI database = URI.create(url.substring("jdbc:".length()));

        try (var wire = new DatabaseWire(database.getHost(), database.getPort())) {
            var config = config();
            config.put(
                    "quarkus.datasource.jdbc.url",
                    url.replace(database.getHost() + ":" + database.getPort(), "localhost:" + wire.port()));
            try (var process = ParleyProcess.start(config);
                    var stream = EventStream.open(process.url(), tenant.key(), body(script, true))) {
                stream.next();
                DatabaseWire.cut(wire.controlUrl());
                ScriptedProvider.open(gate);
                stream.rest();
                assertThat(stream.isDone()).isTrue();

                process.terminate();
                assertThat(process.awaitEnd(Duration.ofSeconds(2)))
                        .as("it waits for its settlement")
                        .isFalse();
                DatabaseWire.restore(wire.controlUrl());
                assertThat(process.awaitEnd(GRACE.plusSeconds(6))).isTrue();
            }
        }

        assertThat(rows("SELECT concat_ws(' ', t.status, (SELECT sum(cost_micros) FROM ledger)) FROM turns t"))
                .containsExactly("completed 26");
    }

    /// A provider that waits for as long as it takes.
    private static Map<String, String> config() {
        var config = new HashMap<String, String>();
        String provider = "parley.models.providers.scripted.";
        config.put(provider + "type", "openai");
        config.put(provider + "base-url", ScriptedProvider.url() + "/v1");
        config.put(provider + "api-key", "sk-scripted");
        String model = "parley.models.chat.scripted.";
        config.put(model + "provider", "scripted");
        config.put(model + "name", "scripted");
        config.put(model + "context-window", "8192");
        config.put(model + "max-output-tokens", "1024");
        config.put(model + "price.input", "1");
        config.put(model + "price.output", "2");
        config.put("parley.usage.shutdown-grace", GRACE.toString());
        config.put("parley.job.workers", "0");
        return config;
    }

    /// Another tenant's turns: those that come before the signal are still served.
    private static boolean refuses(ParleyProcess process, TestTenant other, Script script) throws Exception {
        Response answer = say(process, other, script);
        return answer.statusCode() == 503;
    }

    private static Response say(ParleyProcess process, TestTenant tenant, Script script) throws Exception {
        return RestAssured.given()
                .contentType(ContentType.JSON)
                .header("Authorization", "Bearer " + tenant.key())
                .body(body(script, false))
                .post(process.url() + "/v1/chat/completions");
    }

    private static String body(Script script, boolean stream) throws Exception {
        return JSON.writeValueAsString(Map.of(
                "model",
                "scripted",
                "stream",
                stream,
                "messages",
                List.of(Map.of("role", "user", "content", "Hi " + script.marker()))));
    }

    private void budget() {
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(
                        connection,
                        "INSERT INTO budgets (tenant_id, id, scope, period, limit_micros) "
                                + "VALUES (?, gen_random_uuid(), 'tenant', 'month', 1000000000)",
                        tenant.id()));
    }

    private List<String> rows(String sql) {
        return transactions.list(tenant.id(), sql, row -> row.getString(1));
    }
}

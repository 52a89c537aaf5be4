package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.DatabaseWire;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import dev.parley.testing.TestTenant;
import dev.parley.testing.WiredDatabase;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The database goes while turns run, and comes back.
@QuarkusTest
@TestProfile(WiredDatabase.class)
class OutageIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();

    @AfterEach
    void restore() {
        DatabaseWire.restore(WiredDatabase.control());
        await().atMost(Duration.ofSeconds(20)).until(() -> say("Hello.").statusCode() == 200);
    }

    @Test
    void newTurnsAreRefusedAtOnceAndAgainServedWhenItIsBack() throws Exception {
        assertThat(say("Hello.").statusCode()).isEqualTo(200);
        DatabaseWire.cut(WiredDatabase.control());
        for (int i = 0; i < 3; i++) {
            assertThat(say("Hello.").statusCode()).isEqualTo(503);
        }

        long start = System.nanoTime();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Response>>();
            for (int i = 0; i < 50; i++) {
                answers.add(clients.submit(() -> say("Hello.")));
            }
            for (Future<Response> answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(503);
                assertThat(answer.get().header("Retry-After")).isEqualTo("5");
                assertThat(answer.get().<String>path("error.code")).isEqualTo("database_unavailable");
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aStreamFinishesToItsClientAndSettlesWhenTheDatabaseIsBack() throws Exception {
        String gate = "outage-" + UUID.randomUUID();
        var script = ScriptedProvider.script(
                Reply.steps(new Step.Text("Before "), new Step.Gate(gate), new Step.Text("and after.")));
        String body = JSON.writeValueAsString(Map.of(
                "model",
                "priced-alone",
                "stream",
                true,
                "messages",
                List.of(Map.of("role", "user", "content", "Hi " + script.marker()))));

        try (var stream = EventStream.open(tenant.key(), body)) {
            var events = new ArrayList<JsonNode>();
            events.add(stream.next());
            DatabaseWire.cut(WiredDatabase.control());
            ScriptedProvider.open(new Step.Gate(gate));
            events.addAll(stream.rest());

            assertThat(EventStream.text(events)).isEqualTo("Before and after.");
            assertThat(stream.isDone()).isTrue();
        }
        DatabaseWire.restore(WiredDatabase.control());

        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> assertThat(turns())
                .containsExactly("completed 26"));
    }

    private List<String> turns() {
        return transactions.inTenant(
                tenant.id(),
                connection -> Sql.list(
                        connection,
                        "SELECT concat_ws(' ', t.status, (SELECT sum(cost_micros) FROM ledger)) FROM turns t "
                                + "WHERE t.model = 'priced-alone'",
                        row -> row.getString(1)));
    }

    private Response say(String text) {
        return tenant.request()
                .body(Map.of("model", "scripted", "messages", List.of(Map.of("role", "user", "content", text))))
                .post("/v1/chat/completions");
    }
}

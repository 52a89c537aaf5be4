package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The database is away for longer than a lease lasts while a turn ends.
@QuarkusTest
@TestProfile(LongOutageIT.ShortLeases.class)
class LongOutageIT {

    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    public static final class ShortLeases extends WiredDatabase {
        @Override
        public Map<String, String> getConfigOverrides() {
            var config = new HashMap<>(super.getConfigOverrides());
            config.put("parley.usage.lease", LEASE.toString());
            return config;
        }
    }

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();

    @AfterEach
    void restore() {
        DatabaseWire.restore(WiredDatabase.control());
    }

    @Test
    void whoeverAsksFirstWhenItIsBackGetsTheAnswer() throws Exception {
        var gate = new Step.Gate("long-outage-" + UUID.randomUUID());
        var script = ScriptedProvider.script(Reply.steps(new Step.Text("Before "), gate, new Step.Text("and after.")));
        String body = JSON.writeValueAsString(Map.of(
                "model",
                "priced-alone",
                "messages",
                List.of(Map.of("role", "user", "content", "Hi " + script.marker()))));

        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> first = clients.submit(() -> ask(body));
            await().until(() -> script.requests().size() == 1);
            DatabaseWire.cut(WiredDatabase.control());
            ScriptedProvider.open(gate);
            assertThat(first.get().<String>path("choices[0].message.content")).isEqualTo("Before and after.");
            Thread.sleep(LEASE.multipliedBy(2)); // that it has run out is the point
            var again = new ArrayList<Future<Response>>();
            for (int i = 0; i < 20; i++) {
                again.add(clients.submit(() -> askUntilItIsBack(body)));
            }
            DatabaseWire.restore(WiredDatabase.control());

            for (Future<Response> each : again) {
                assertThat(each.get().asString()).isEqualTo(first.get().asString());
            }
        }
        assertThat(transactions.list(
                        tenant.id(),
                        "SELECT concat_ws(' ', t.status, (SELECT sum(cost_micros) FROM ledger)) FROM turns t",
                        row -> row.getString(1)))
                .containsExactly("completed 26");
    }

    private Response askUntilItIsBack(String body) {
        while (true) {
            Response answer = ask(body);
            if (!"database_unavailable".equals(answer.path("error.code"))) {
                return answer;
            }
        }
    }

    private Response ask(String body) {
        return tenant.request().header("Idempotency-Key", "once").body(body).post("/v1/chat/completions");
    }
}

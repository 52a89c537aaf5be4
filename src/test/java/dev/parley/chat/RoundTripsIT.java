package dev.parley.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.prompt.TestPrompts;
import dev.parley.testing.DatabaseWire;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import dev.parley.testing.WiredDatabase;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How often a turn goes to the database: counted on the wire, so nothing that any layer sends is missed.
@QuarkusTest
@TestProfile(WiredDatabase.class)
class RoundTripsIT {

    /// What a process does by itself and a connection once, however many turns run.
    private static final List<String> BACKGROUND =
            List.of("open_breakers", "renew_turns", "SET ROLE", "SET application_name", "jobs", "pg_catalog.pg_type");

    private static final String ADMIT = "SELECT * FROM admit(";
    private static final String SETTLE = "SELECT * FROM settle(";

    private final TestTenant tenant = TestTenant.create();

    /// The key is known from here on, for ten seconds.
    @BeforeEach
    void settleIn() {
        say(Map.of(), Map.of());
    }

    @Test
    void aPlainTurnIsAdmittedAndSettled() {
        assertThat(tripsOf(() -> say(Map.of(), Map.of()))).satisfiesExactly(starts(ADMIT), starts(SETTLE));
    }

    @Test
    void aStreamedTurnWithoutALogTakesNoMore() {
        assertThat(tripsOf(() -> say(Map.of("stream", true), Map.of())))
                .satisfiesExactly(starts(ADMIT), starts(SETTLE));
    }

    /// A short stream has said all it had to say before the first flush is due: its events go with the settlement.
    @Test
    void aShortStreamWithALogTakesNoMoreEither() {
        assertThat(tripsOf(() -> say(Map.of("stream", true), Map.of("Idempotency-Key", "one"))))
                .filteredOn(trip -> !trip.contains("flush_events"))
                .satisfiesExactly(starts(ADMIT), starts(SETTLE));
    }

    @Test
    void aTurnThatRepeatsAnotherAsksForItsOutcome() {
        say(Map.of(), Map.of("Idempotency-Key", "two"));

        assertThat(tripsOf(() -> say(Map.of(), Map.of("Idempotency-Key", "two"))))
                .satisfiesExactly(starts(ADMIT), contains("FROM turns"));
    }

    @Test
    void aTurnWithMemoryReadsItOnce() {
        String conversation =
                tenant.request().body("{}").post("/v1/conversations").path("id");
        var remembering = Map.<String, Object>of("parley", Map.of("conversation", conversation));
        say(remembering, Map.of());

        assertThat(tripsOf(() -> say(remembering, Map.of())))
                .satisfiesExactly(starts(ADMIT), contains("conversation_items"), starts(SETTLE));
    }

    @Test
    void aTurnWithAPromptFindsItsVersionInOne() {
        var prompts = TestPrompts.create();
        String id = prompts.made("counted", "scripted", "Be kind.");
        prompts.move(id, "production", "{'version': 1}").statusCode(200);
        String turn = "{'messages': [{'role': 'user', 'content': 'Hello.'}], 'parley': {'prompt': {'id': 'counted'}}}";
        prompts.author(turn).post("/v1/chat/completions").then().statusCode(200);

        assertThat(tripsOf(() ->
                        prompts.author(turn).post("/v1/chat/completions").then().statusCode(200)))
                .satisfiesExactly(contains("WITH asked"), starts(ADMIT), starts(SETTLE));
    }

    /// What is searched, and the search: a ranking by vectors, which depends on how many there are, one by words, and
    /// what was found.
    @Test
    void aTurnWithMemoryAndRetrievalReadsEachOnce() {
        String conversation =
                tenant.request().body("{}").post("/v1/conversations").path("id");
        var store = TestStore.create(tenant.key());
        store.add("hello.txt", "Hello is what people say.".getBytes(UTF_8));
        store.awaitCompleted(1);
        var asking = Map.<String, Object>of(
                "parley", Map.of("conversation", conversation, "vector_store_ids", List.of(store.id())));
        say(asking, Map.of());

        assertThat(tripsOf(() -> say(asking, Map.of())))
                .satisfiesExactly(
                        starts(ADMIT),
                        contains("conversation_items"),
                        contains("FROM vector_stores"),
                        starts("BEGIN; SELECT set_config('parley.tenant'"),
                        starts("SELECT set_config('plan_cache_mode'"),
                        starts("SELECT coalesce(sum(a.chunk_count)"),
                        contains("embeddings"),
                        contains("postings"),
                        contains("c.text"),
                        starts("COMMIT"),
                        starts(SETTLE));
    }

    private List<String> tripsOf(Runnable turn) {
        DatabaseWire.trips(WiredDatabase.control());
        turn.run();
        return DatabaseWire.trips(WiredDatabase.control()).stream()
                .filter(trip -> BACKGROUND.stream().noneMatch(trip::contains))
                .toList();
    }

    private void say(Map<String, Object> more, Map<String, String> headers) {
        var body = new HashMap<String, Object>(more);
        body.put("model", "scripted");
        body.put("messages", List.of(Map.of("role", "user", "content", "Hello.")));
        tenant.request()
                .headers(headers)
                .body(body)
                .post("/v1/chat/completions")
                .then()
                .statusCode(200);
    }

    private static org.assertj.core.api.ThrowingConsumer<String> starts(String sql) {
        return trip -> assertThat(trip).startsWith(sql);
    }

    private static org.assertj.core.api.ThrowingConsumer<String> contains(String sql) {
        return trip -> assertThat(trip).contains(sql);
    }
}

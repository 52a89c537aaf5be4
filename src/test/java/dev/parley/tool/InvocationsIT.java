package dev.parley.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.postgres.Ids;
import dev.parley.testing.Api;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Tools that are called without a model.
@QuarkusTest
class InvocationsIT {

    /// The common pool has a thread for each core but one: that is no race.
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final TestTenant tenant = TestTenant.create();
    private final String to = "invoked-" + Ids.next();

    private ValidatableResponse invoke(String tool, String idempotencyKey, Map<String, ?> arguments) {
        var request = tenant.request().body(Map.of("arguments", arguments));
        return (idempotencyKey == null ? request : request.header("Idempotency-Key", idempotencyKey))
                .post("/v1/tools/" + tool + "/invocations")
                .then();
    }

    @Test
    void aCallIsMadeAndIsOnRecord() {
        String id = invoke(TestTools.SEND, null, Map.of("to", to))
                .statusCode(200)
                .body("status", equalTo("completed"))
                .body("output", equalTo("sent"))
                .extract()
                .path("id");

        assertThat(TestTools.effects(to)).containsExactly(id);
        tenant.request()
                .get("/v1/tool_calls/" + id)
                .then()
                .statusCode(200)
                .body("tool", equalTo(TestTools.SEND))
                .body("effects", equalTo(true))
                .body("arguments", equalTo("{\"to\":\"" + to + "\"}"))
                .body("output", equalTo("sent"));
        TestTenant.create().request().get("/v1/tool_calls/" + id).then().statusCode(404);
    }

    @Test
    void aRepeatedRequestGetsTheFirstResultAndMakesNoCall() {
        String first = invoke(TestTools.SEND, "k", Map.of("to", to))
                .statusCode(200)
                .extract()
                .path("id");
        String second = invoke(TestTools.SEND, "k", Map.of("to", to))
                .statusCode(200)
                .extract()
                .path("id");

        assertThat(second).isEqualTo(first);
        assertThat(TestTools.effects(to)).hasSize(1);
        invoke(TestTools.SEND, "k", Map.of("to", "somebody else"))
                .statusCode(422)
                .body("error.code", equalTo("idempotency_key_reused"));
    }

    @Test
    void ofManyWithOneKeyOneMakesTheCall() {
        List<CompletableFuture<Integer>> all = IntStream.range(0, 8)
                .mapToObj(_ -> CompletableFuture.supplyAsync(
                        () -> invoke(TestTools.SEND, "race", Map.of("to", to))
                                .extract()
                                .statusCode(),
                        THREADS))
                .toList();

        assertThat(all.stream().map(CompletableFuture::join)).allMatch(status -> status == 200 || status == 409);
        assertThat(TestTools.effects(to)).hasSize(1);
    }

    @Test
    void whatNeedsAnApprovalIsMadeWhenItsRequestIsRepeated() {
        invoke(TestTools.REFUND, null, Map.of("to", to))
                .statusCode(400)
                .body("error.param", equalTo("Idempotency-Key"));
        String id = invoke(TestTools.REFUND, "r", Map.of("to", to))
                .statusCode(200)
                .body("status", equalTo("awaiting_approval"))
                .extract()
                .path("id");
        assertThat(TestTools.effects(to)).isEmpty();
        tenant.request()
                .post("/v1/tool_calls/" + id + "/approve")
                .then()
                .statusCode(200)
                .body("status", equalTo("approved"));

        invoke(TestTools.REFUND, "r", Map.of("to", to)).statusCode(200).body("output", equalTo("sent"));
        invoke(TestTools.REFUND, "r", Map.of("to", to)).statusCode(200).body("output", equalTo("sent"));

        assertThat(TestTools.effects(to)).containsExactly(id);
        tenant.request().post("/v1/tool_calls/" + id + "/deny").then().statusCode(409);
    }

    @Test
    void whatIsInDoubtIsAskedForThenLeftToAPerson() {
        invoke(TestTools.CHECKED, null, Map.of("to", to))
                .body("status", equalTo("completed"))
                .body("output", equalTo("booked"));
        String id = invoke(TestTools.DOUBTFUL, "d", Map.of("to", to))
                .statusCode(200)
                .body("status", equalTo("in_doubt"))
                .body("output", containsString("not known"))
                .extract()
                .path("id");

        invoke(TestTools.DOUBTFUL, "d", Map.of("to", to)).body("status", equalTo("in_doubt"));
        tenant.request()
                .body(Map.of("status", "completed", "output", "It was sent."))
                .post("/v1/tool_calls/" + id + "/resolve")
                .then()
                .statusCode(200)
                .body("status", equalTo("completed"));

        invoke(TestTools.DOUBTFUL, "d", Map.of("to", to)).body("output", equalTo("It was sent."));
        assertThat(TestTools.effects(to)).hasSize(2);
    }

    @Test
    void aToolThatFailsIsAnAnswer() {
        invoke(TestTools.FAILING, null, Map.of())
                .statusCode(200)
                .body("status", equalTo("failed"))
                .body("output", equalTo("There is no such order."));
        invoke(TestTools.SLOW, null, Map.of("ms", 60_000)).body("status", equalTo("failed"));
    }

    @Test
    void whoMayNotCallAToolIsTold() {
        invoke("nobody", null, Map.of()).statusCode(404).body("error.code", equalTo("tool_not_found"));
        invoke(TestTools.SCOPED, null, Map.of()).statusCode(403).body("error.message", containsString("tool:test"));
        String chatOnly = tenant.request()
                .body(Map.of("name", "chat only", "scopes", List.of("chat")))
                .post("/v1/keys")
                .then()
                .extract()
                .path("value");
        Api.as(chatOnly)
                .body("{}")
                .post("/v1/tools/test_echo/invocations")
                .then()
                .statusCode(403);
        Api.as(chatOnly).get("/v1/tool_calls").then().statusCode(403);
    }

    @Test
    void callsByTheApiCountForRates() {
        tenant.request()
                .body(Map.of("scope", "model", "subject", TestTools.ECHO, "requests_per_minute", 1))
                .post("/v1/rate_limits")
                .then()
                .statusCode(200);
        invoke(TestTools.ECHO, null, Map.of("text", "a")).statusCode(200);
        invoke(TestTools.ECHO, null, Map.of("text", "b")).statusCode(429);
        invoke(TestTools.SEND, null, Map.of("to", to)).statusCode(200);
    }
}

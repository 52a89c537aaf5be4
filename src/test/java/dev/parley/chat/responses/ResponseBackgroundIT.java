package dev.parley.chat.responses;

import static dev.parley.chat.responses.ResponseRequests.post;
import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.stream.Delivery;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ResponseBackgroundIT {

    @Inject
    Transactions transactions;

    @Inject
    ContentCodec codec;

    @Inject
    StoredResponses responses;

    private final TestTenant tenant = TestTenant.create();
    private final String key = tenant.key();

    @Test
    void aResponseInTheBackgroundIsQueuedAndThenThere() {
        var gate = new Step.Gate(UUID.randomUUID().toString());
        var script = ScriptedProvider.script(Reply.steps(gate, new Step.Text("Hello.")));

        String id = post(key, "'background': true, 'input': 'Hi " + script.marker() + "'")
                .statusCode(200)
                .body("status", equalTo("queued"))
                .body("background", equalTo(true))
                .body("output", empty())
                .extract()
                .path("id");
        awaitStatus(id, "in_progress");
        ScriptedProvider.open(gate);
        awaitStatus(id, "completed");

        as(key).get("/v1/responses/" + id)
                .then()
                .body("output[0].content[0].text", equalTo("Hello."))
                .body("usage.total_tokens", equalTo(19));
        await().until(() -> jobs().isEmpty());
    }

    @Test
    void aResponseUnderWayCannotBeContinuedOrDeleted() {
        var gate = new Step.Gate(UUID.randomUUID().toString());
        var script = ScriptedProvider.script(Reply.steps(gate, new Step.Text("Hello.")));
        String id = post(key, "'background': true, 'input': 'Hi " + script.marker() + "'")
                .extract()
                .path("id");

        post(key, "'input': 'and?', 'previous_response_id': '" + id + "'")
                .statusCode(400)
                .body("error.code", equalTo("previous_response_not_completed"));
        post(key, "'background': true, 'input': 'and?', 'previous_response_id': '" + id + "'")
                .statusCode(400);
        as(key).delete("/v1/responses/" + id).then().statusCode(409);
        ScriptedProvider.open(gate);
        awaitStatus(id, "completed");
    }

    @Test
    void aResponseInTheBackgroundIsCancelledForWhatItHasCost() {
        var gate = new Step.Gate(UUID.randomUUID().toString());
        var script = ScriptedProvider.script(Reply.steps(new Step.Text("Once "), gate, new Step.Text("more.")));
        String id = post(key, "'background': true, 'stream': false, 'input': 'Hi " + script.marker() + "'")
                .extract()
                .path("id");
        await().until(() -> !script.requests().isEmpty());

        as(key).post("/v1/responses/" + id + "/cancel").then().statusCode(200);

        awaitStatus(id, "cancelled");
        as(key).post("/v1/responses/" + id + "/cancel").then().statusCode(200).body("status", equalTo("cancelled"));
        as(key).delete("/v1/responses/" + id).then().statusCode(200);
    }

    @Test
    void onlyTheBackgroundIsCancelled() {
        var script = ScriptedProvider.script(Reply.text("Hi."));
        String id = post(key, "'input': 'Hi " + script.marker() + "'").extract().path("id");

        as(key).post("/v1/responses/" + id + "/cancel").then().statusCode(400);
        as(key).post("/v1/responses/resp_1/cancel").then().statusCode(404);
    }

    @Test
    void aFailureInTheBackgroundIsTheResponses() {
        var script = ScriptedProvider.script(Reply.serverError());

        String id = post(key, "'background': true, 'input': 'Hi " + script.marker() + "'")
                .extract()
                .path("id");

        awaitStatus(id, "failed");
        as(key).get("/v1/responses/" + id).then().body("error.code", equalTo("server_error"));
    }

    @Test
    void whatIsWrongWithARequestInTheBackgroundIsTold() {
        String id = post(
                        key,
                        "'background': true, 'input': 'Hi', 'tools': [{'type': 'file_search', 'vector_store_ids': ['vs_0190163d8694739bb111111111111111']}]")
                .statusCode(200)
                .extract()
                .path("id");

        awaitStatus(id, "failed");
        as(key).get("/v1/responses/" + id).then().body("error.code", equalTo("invalid_prompt"));
    }

    @Test
    void aResponseWhoseOwnerDiedHasFailed() {
        UUID dead = plant();

        String id = new ResponseId(dead).toString();
        as(key).get("/v1/responses/" + id)
                .then()
                .statusCode(200)
                .body("status", equalTo("failed"))
                .body("error.code", equalTo("server_error"))
                .body("output", hasSize(0));
        as(key).post("/v1/responses/" + id + "/cancel").then().body("status", equalTo("failed"));
    }

    @Test
    void aJobThatComesAgainDoesNotRunATurnTwice() {
        UUID dead = plant();
        addJob(dead);

        await().until(() -> jobs().isEmpty());

        as(key).get("/v1/responses/" + new ResponseId(dead)).then().body("status", equalTo("failed"));
        assertThat(rows("SELECT status FROM turns")).containsExactly("failed");
    }

    @Test
    void aRepeatedRequestGetsTheResponseAsItStands() {
        var script = ScriptedProvider.script(Reply.text("Hello."));
        String body = ResponseRequests.body("'background': true, 'input': 'Hi " + script.marker() + "'")
                .toString();
        String id = as(key).header("Idempotency-Key", "k")
                .body(body)
                .post("/v1/responses")
                .path("id");
        awaitStatus(id, "completed");

        as(key).header("Idempotency-Key", "k")
                .body(body)
                .post("/v1/responses")
                .then()
                .header("idempotency-replayed", "true")
                .body("id", equalTo(id))
                .body("status", equalTo("completed"));
    }

    @Test
    void aStreamThatWaitedForAWorkerEndsAsItsResponseDid() {
        var id = new ResponseId(plant("queued"));
        ResponseEcho echo = responses.request(responses.get(tenant.id(), id)).echo();
        ResponseEndings waiting = responses.endings(tenant.id(), id, echo);

        as(key).post("/v1/responses/" + id + "/cancel").then().body("status", equalTo("cancelled"));

        var nothing = new Delivery.Unfinished(1024, -1);
        assertThat(waiting.unfinished(nothing))
                .startsWith("event: response.incomplete")
                .contains("\"status\":\"cancelled\"")
                .isEqualTo(responses.endings(tenant.id(), id, echo).unfinished(nothing));
    }

    private void awaitStatus(String id, String status) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> as(key).get("/v1/responses/" + id).path("status"), equalTo(status));
    }

    /// A turn as a process that died leaves it behind.
    private UUID plant() {
        return plant("in_progress");
    }

    /// One that is queued has had no owner yet.
    private UUID plant(String status) {
        UUID id = Ids.next();
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(
                        connection,
                        """
                        INSERT INTO turns (tenant_id, id, kind, model, status, lease_token, lease_until, micros, tokens, charged_tokens,
                                           background, stored, request)
                        SELECT ?, ?, 'response', 'scripted', status,
                               CASE WHEN status = 'in_progress' THEN gen_random_uuid() END,
                               CASE WHEN status = 'in_progress' THEN now() - interval '1 minute' END,
                               5, 5, 5, true, true, ?
                          FROM (VALUES (?)) AS planted (status)""",
                        tenant.id(),
                        id,
                        codec.encode(
                                tenant.id(),
                                ResponseRequests.body("'background': true, 'input': 'Hi'")
                                        .toString()),
                        status));
        return id;
    }

    private void addJob(UUID turn) {
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(
                        connection,
                        "INSERT INTO jobs (tenant_id, id, kind, subject) VALUES (?, gen_random_uuid(), 'turn', ?)",
                        tenant.id(),
                        turn.toString()));
    }

    private List<String> jobs() {
        return rows("SELECT subject FROM jobs");
    }

    private List<String> rows(String sql) {
        return transactions.inTenant(tenant.id(), connection -> Sql.list(connection, sql, row -> row.getString(1)));
    }
}

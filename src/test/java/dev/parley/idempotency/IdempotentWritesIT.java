package dev.parley.idempotency;

import static dev.parley.testing.Api.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Api;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// One effect and one answer for each key, however often and from how many sides a request comes.
@QuarkusTest
class IdempotentWritesIT {

    private static final int DUPLICATES = 20;

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private final String key = UUID.randomUUID().toString();

    @Test
    void aRepeatedRequestGetsTheFirstAnswerAndHasNoSecondEffect() {
        String first = store(tenant.key(), "a")
                .statusCode(200)
                .header("idempotency-replayed", nullValue())
                .extract()
                .asString();

        String second = store(tenant.key(), "a")
                .statusCode(200)
                .header("idempotency-replayed", equalTo("true"))
                .extract()
                .asString();

        assertThat(second).isEqualTo(first);
        assertThat(stores()).isEqualTo(1);
    }

    @Test
    void duplicatesAtTheSameTimeHaveOneEffect() throws Exception {
        var start = new CountDownLatch(1);
        var answers = new ArrayList<Future<Response>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < DUPLICATES; i++) {
                answers.add(threads.submit(() -> {
                    start.await();
                    return store(tenant.key(), "a").extract().response();
                }));
            }
            start.countDown();
        }

        List<String> ids = new ArrayList<>();
        for (var answer : answers) {
            assertThat(answer.get().statusCode()).isEqualTo(200);
            ids.add(answer.get().path("id"));
        }
        assertThat(ids).containsOnly(ids.getFirst());
        assertThat(stores()).isEqualTo(1);
    }

    @Test
    void anotherRequestWithTheKeyIsRefused() {
        store(tenant.key(), "a").statusCode(200);

        store(tenant.key(), "b").statusCode(422).body("error.code", equalTo("idempotency_key_reused"));
        keyed(tenant.key())
                .post("/v1/conversations")
                .then()
                .statusCode(422)
                .body("error.code", equalTo("idempotency_key_reused"));
    }

    @Test
    void aKeyBelongsToItsCaller() {
        String colleague = as(tenant.key())
                .body(Map.of("name", "colleague"))
                .post("/v1/keys")
                .then()
                .statusCode(200)
                .extract()
                .path("value");

        store(tenant.key(), "a").statusCode(200);
        store(colleague, "b").statusCode(200).header("idempotency-replayed", nullValue());

        assertThat(stores()).isEqualTo(2);
    }

    @Test
    void aRequestThatFailedLeavesNothingAndRunsAgain() {
        keyed(tenant.key())
                .body(Map.of("name", "a", "file_ids", List.of("file-00000000000000000000000000000000")))
                .post("/v1/vector_stores")
                .then()
                .statusCode(404);
        assertThat(stores()).isZero();

        store(tenant.key(), "a").statusCode(200).header("idempotency-replayed", nullValue());
    }

    @Test
    void anOldKeyIsAsIfItHadNeverBeen() {
        String first = store(tenant.key(), "a").extract().path("id");
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(
                        connection,
                        "UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE tenant_id = ?",
                        tenant.id()));

        String second = store(tenant.key(), "b").statusCode(200).extract().path("id");

        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void whileTheFirstIsNotDoneADuplicateIsToldToComeBack() {
        store(tenant.key(), "a").statusCode(200);

        transactions.runInTenant(tenant.id(), connection -> {
            Sql.update(connection, "UPDATE idempotency_keys SET answer = answer WHERE tenant_id = ?", tenant.id());
            store(tenant.key(), "a")
                    .statusCode(409)
                    .header("Retry-After", equalTo("1"))
                    .body("error.code", equalTo("request_in_progress"));
        });
    }

    @Test
    void anUploadIsTheSameOnlyWithTheSameContent() {
        String first = upload("one").statusCode(200).extract().path("id");

        upload("one")
                .statusCode(200)
                .header("idempotency-replayed", equalTo("true"))
                .body("id", equalTo(first));
        upload("two").statusCode(422);
        as(tenant.key()).get("/v1/files").then().body("data.size()", equalTo(1));
    }

    @Test
    void everyOtherWriteIsDoneOnceToo() {
        once("/v1/keys", Map.of("name", "k"), "value");
        once("/v1/conversations", Map.of(), "id");
        once("/v1/budgets", Map.of("scope", "tenant", "period", "day", "limit_micros", 1000), "id");
        once("/v1/rate_limits", Map.of("scope", "tenant", "requests_per_minute", 1000), "id");
    }

    @Test
    void aTenantIsMadeOnceWithItsFirstKey() {
        String operators = UUID.randomUUID().toString();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            values.add(Api.asDeveloper()
                    .header(IdempotencyKey.HEADER, operators)
                    .body(Map.of("name", "once"))
                    .post("/v1/tenants")
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("admin_key.value"));
        }

        assertThat(values.getFirst()).isEqualTo(values.getLast());
        as(values.getFirst()).get("/v1/keys").then().statusCode(200).body("data.size()", equalTo(1));
    }

    private void once(String path, Map<String, Object> body, String field) {
        String own = UUID.randomUUID().toString();
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            answers.add(as(tenant.key())
                    .header(IdempotencyKey.HEADER, own)
                    .body(body)
                    .post(path)
                    .then()
                    .statusCode(200)
                    .extract()
                    .path(field));
        }
        assertThat(answers.getFirst()).as(path).isEqualTo(answers.getLast());
    }

    private ValidatableResponse store(String caller, String name) {
        return keyed(caller)
                .body(Map.of("name", name))
                .post("/v1/vector_stores")
                .then();
    }

    private io.restassured.specification.RequestSpecification keyed(String caller) {
        return as(caller).header(IdempotencyKey.HEADER, key);
    }

    private int stores() {
        return as(tenant.key()).get("/v1/vector_stores?limit=100").path("data.size()");
    }

    private ValidatableResponse upload(String content) {
        return given().baseUri(Api.url())
                .header("Authorization", "Bearer " + tenant.key())
                .header(IdempotencyKey.HEADER, key)
                .contentType(ContentType.MULTIPART)
                .multiPart("file", "a.txt", content.getBytes(StandardCharsets.UTF_8), "text/plain")
                .multiPart("purpose", "assistants")
                .post("/v1/files")
                .then();
    }
}

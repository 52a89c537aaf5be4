package dev.parley.ingestion;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Api;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import dev.parley.testing.WithoutWorkers;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Nobody ingests here, so what is attached waits.
@QuarkusTest
@TestProfile(BackpressureIT.ShortQueue.class)
class BackpressureIT {

    private static final byte[] TEXT = "Some text.".getBytes(StandardCharsets.UTF_8);

    public static class ShortQueue extends WithoutWorkers {

        @Override
        public Map<String, String> getConfigOverrides() {
            var config = new HashMap<>(super.getConfigOverrides());
            config.put("parley.ingestion.most-waiting", "3");
            config.put("parley.ingestion.longest-wait", "10m");
            return config;
        }
    }

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private final TestStore store = TestStore.create(tenant.key());

    private ValidatableResponse upload(String key, String purpose) {
        return given().baseUri(Api.url())
                .header("Authorization", "Bearer " + key)
                .contentType(ContentType.MULTIPART)
                .multiPart("file", "a.txt", TEXT, "text/plain")
                .multiPart("purpose", purpose)
                .post("/v1/files")
                .then();
    }

    private ValidatableResponse attach(String file) {
        return tenant.request()
                .body(Map.of("file_id", file))
                .post("/v1/vector_stores/" + store.id() + "/files")
                .then();
    }

    private static void assertFull(ValidatableResponse refusal) {
        refusal.statusCode(429)
                .header("Retry-After", notNullValue())
                .body("error.code", equalTo("ingestion_queue_full"))
                .body("error.type", equalTo("rate_limit_error"));
    }

    @Test
    void whoHasTooMuchWaitingIsToldToWaitAndNobodyElseIs() {
        String spare =
                upload(tenant.key(), "assistants").statusCode(200).extract().path("id");
        for (int i = 0; i < 3; i++) {
            store.add("note-" + i + ".txt", TEXT);
        }

        assertFull(attach(spare));
        assertFull(upload(tenant.key(), "assistants"));
        assertFull(tenant.request()
                .body(Map.of("filename", "b.txt", "purpose", "assistants", "bytes", 10, "mime_type", "text/plain"))
                .post("/v1/uploads")
                .then());
        assertFull(tenant.request()
                .body(Map.of("file_ids", List.of(spare)))
                .post("/v1/vector_stores/" + store.id() + "/file_batches")
                .then());
        upload(tenant.key(), "batch").statusCode(200);
        assertThat(store.fileCounts().get("total")).isEqualTo(3);

        TestTenant other = TestTenant.create();
        TestStore.create(other.key()).add("other.txt", TEXT);
    }

    @Test
    void aRefusedUploadIsTakenOnceThereIsRoom() {
        String first = store.add("note.txt", TEXT);
        store.add("note-2.txt", TEXT);
        store.add("note-3.txt", TEXT);
        assertFull(upload(tenant.key(), "assistants"));

        tenant.request().delete("/v1/files/" + first).then().statusCode(200);
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(
                        connection,
                        "DELETE FROM jobs WHERE tenant_id = ? AND subject LIKE ?",
                        tenant.id(),
                        "%" + first));

        upload(tenant.key(), "assistants").statusCode(200);
    }

    @Test
    void aQueueThatDoesNotMoveTakesNoMore() {
        store.add("note.txt", TEXT);
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(
                        connection,
                        "UPDATE jobs SET run_at = now() - interval '11 minutes' WHERE tenant_id = ?",
                        tenant.id()));

        assertFull(upload(tenant.key(), "assistants"));
    }
}

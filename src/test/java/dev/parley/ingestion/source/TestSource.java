package dev.parley.ingestion.source;

import static org.awaitility.Awaitility.await;

import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A source as a client of the API uses it.
record TestSource(TestTenant tenant, TestStore store, String id) {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    static TestSource create(TestTenant tenant, TestStore store, Map<String, Object> origin) {
        var body = new HashMap<>(origin);
        body.put("vector_store_id", store.id());
        String id = tenant.request()
                .body(body)
                .post("/v1/sources")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
        return new TestSource(tenant, store, id);
    }

    static TestSource ofUrls(TestTenant tenant, TestStore store, List<String> urls) {
        return create(tenant, store, Map.of("type", "urls", "urls", urls));
    }

    JsonPath get() {
        return tenant.request()
                .get("/v1/sources/" + id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    /// The run under way, once it is over.
    JsonPath ended() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> !get().getString("last_run.status")
                .equals("running"));
        return get();
    }

    /// A run from its beginning to its end.
    JsonPath sync() {
        tenant.request().post("/v1/sources/" + id + "/sync").then().statusCode(200);
        return ended();
    }

    void change(Map<String, Object> change) {
        tenant.request().body(change).post("/v1/sources/" + id).then().statusCode(200);
    }

    /// added, changed, unchanged, removed, failed
    static List<Integer> counts(JsonPath source) {
        return List.of(
                source.getInt("last_run.documents.added"),
                source.getInt("last_run.documents.changed"),
                source.getInt("last_run.documents.unchanged"),
                source.getInt("last_run.documents.removed"),
                source.getInt("last_run.documents.failed"));
    }

    JsonPath documents() {
        return tenant.request()
                .get("/v1/sources/" + id + "/documents?order=asc&limit=100")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    /// A field of the document with this key.
    String document(String key, String field) {
        return documents().getString("data.find { it.key == '%s' }.%s".formatted(key, field));
    }
}

package dev.parley.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What clients say and hear of sources, without a word from the sources.
@QuarkusTest
@TestProfile(SourcesApiIT.Unreached.class)
class SourcesApiIT {

    /// Nobody works on runs.
    public static class Unreached extends SourcesProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            var config = new HashMap<>(super.getConfigOverrides());
            config.put("parley.job.workers", "0");
            config.put("parley.ingestion.sources.min-interval", "900s");
            config.put("parley.ingestion.sources.max-sources", "3");
            return config;
        }
    }

    private final TestTenant tenant = TestTenant.create();
    private final TestStore store = TestStore.create(tenant.key());

    @Test
    void aSourceIsMadeListedReadAndChanged() {
        var body = body(Map.of("type", "sitemap", "url", "https://Example.com/sitemap.xml"));
        body.put("attributes", Map.of("team", "docs"));
        body.put("chunking_strategy", Map.of("type", "auto"));
        String id = tenant.request()
                .body(body)
                .post("/v1/sources")
                .then()
                .statusCode(200)
                .body("id", startsWith("src_"))
                .body("object", equalTo("source"))
                .body("type", equalTo("sitemap"))
                .body("url", equalTo("https://example.com/sitemap.xml"))
                .body("include", hasSize(0))
                .body("schedule.every", equalTo(86400))
                .body("status", equalTo("active"))
                .body("attributes.team", equalTo("docs"))
                .body("chunking_strategy.type", equalTo("auto"))
                .body("last_run.status", equalTo("running"))
                .extract()
                .path("id");

        tenant.request()
                .body(Map.of("schedule", Map.of("every", 900), "status", "paused", "exclude", List.of("/old/")))
                .post("/v1/sources/" + id)
                .then()
                .statusCode(200)
                .body("schedule.every", equalTo(900))
                .body("exclude", equalTo(List.of("/old/")))
                .body("status", equalTo("paused"))
                .body("last_run.status", equalTo("cancelled"))
                .body("next_run_at", nullValue());

        tenant.request().get("/v1/sources").then().body("data.id", equalTo(List.of(id)));
        tenant.request().get("/v1/sources/" + id + "/documents").then().body("data", hasSize(0));
    }

    @Test
    void whatOthersHaveIsNotThere() {
        String id = tenant.request()
                .body(body(Map.of("type", "urls", "urls", List.of("https://example.com/"))))
                .post("/v1/sources")
                .path("id");
        TestTenant other = TestTenant.create();

        other.request().get("/v1/sources/" + id).then().statusCode(404);
        other.request().get("/v1/sources/" + id + "/documents").then().statusCode(404);
        other.request().post("/v1/sources/" + id + "/sync").then().statusCode(404);
        other.request().body(Map.of()).post("/v1/sources/" + id).then().statusCode(404);
        other.request().delete("/v1/sources/" + id).then().statusCode(404);
        other.request().get("/v1/sources").then().body("data", hasSize(0));
        other.request()
                .body(body(Map.of("type", "urls", "urls", List.of("https://example.com/"))))
                .post("/v1/sources")
                .then()
                .statusCode(404);
    }

    @Test
    void aRepeatedRequestMakesOneSource() {
        var ids = new HashSet<String>();
        for (int i = 0; i < 2; i++) {
            ids.add(tenant.request()
                    .header("Idempotency-Key", "once")
                    .body(body(Map.of("type", "urls", "urls", List.of("https://example.com/"))))
                    .post("/v1/sources")
                    .path("id"));
        }
        assertThat(ids).hasSize(1);
    }

    @Test
    void aRunIsAskedForOnceHoweverOftenTheRequestIsRepeated() {
        String id = tenant.request()
                .body(body(Map.of("type", "urls", "urls", List.of("https://example.com/"))))
                .post("/v1/sources")
                .path("id");
        for (int i = 0; i < 2; i++) {
            tenant.request()
                    .header("Idempotency-Key", "now")
                    .post("/v1/sources/" + id + "/sync")
                    .then()
                    .statusCode(200)
                    .body("id", equalTo(id));
        }
    }

    @Test
    void thereAreOnlySoMany() {
        for (int i = 0; i < 4; i++) {
            tenant.request()
                    .body(body(Map.of("type", "urls", "urls", List.of("https://example.com/" + i))))
                    .post("/v1/sources")
                    .then()
                    .statusCode(i < 3 ? 200 : 409);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"type": "ftp"}                                                            | type
            {"type": "sitemap"}                                                        | url
            {"type": "sitemap", "url": "ftp://example.com/"}                           | url
            {"type": "sitemap", "url": "https://example.com/", "include": ["docs/"]}   | include[0]
            {"type": "sitemap", "url": "https://example.com/", "urls": []}             | urls
            {"type": "urls", "urls": []}                                               | urls
            {"type": "urls", "urls": ["/a"]}                                           | urls[0]
            {"type": "urls", "urls": ["https://e.com/"], "schedule": {"every": 10}}    | schedule.every
            {"type": "urls", "urls": ["https://e.com/"], "max_documents": 0}           | max_documents
            {"type": "urls", "urls": ["https://e.com/"], "attributes": {"a": []}}      | attributes.a
            {"type": "urls", "urls": ["https://e.com/"], "chunking_strategy": {"type": "x"}} | chunking_strategy.type
            {"type": "urls", "urls": ["https://e.com/"], "colour": "red"}              | colour
            {"type": "urls", "urls": ["https://e.com/"], "status": "paused"}           | status
            {"type": "s3", "bucket": "team-documents", "prefix": "others/"}            | prefix
            {"type": "s3", "bucket": "somebody-elses"}                                 | prefix
            """)
    void aRequestThatCannotBeSaysWhatIsWrong(String json, String param) {
        tenant.request()
                .body(json.replaceFirst("}$", ", \"vector_store_id\": \"" + store.id() + "\"}"))
                .post("/v1/sources")
                .then()
                .statusCode(400)
                .body("error.param", equalTo(param));
    }

    @Test
    void aListOfUrlsIsBoundedAndItsPlaceInListsIsTheirNumber() {
        List<String> urls = List.of("https://example.com/a", "https://example.com/b");
        String id = tenant.request()
                .body(body(Map.of("type", "urls", "urls", urls)))
                .post("/v1/sources")
                .then()
                .statusCode(200)
                .body("urls", equalTo(urls))
                .body("url_count", equalTo(2))
                .extract()
                .path("id");

        tenant.request()
                .get("/v1/sources")
                .then()
                .body("data[0].id", equalTo(id))
                .body("data[0].url_count", equalTo(2))
                .body("data[0].urls", nullValue());
        tenant.request().get("/v1/sources/" + id).then().body("urls", equalTo(urls));

        List<String> tooMuch = IntStream.range(0, 600)
                .mapToObj(i -> "https://example.com/" + i + "a".repeat(1800))
                .toList();
        tenant.request()
                .body(Map.of("urls", tooMuch))
                .post("/v1/sources/" + id)
                .then()
                .statusCode(400)
                .body("error.param", equalTo("urls"))
                .body("error.message", containsString("1000000"));
    }

    private Map<String, Object> body(Map<String, Object> origin) {
        var body = new HashMap<>(origin);
        body.put("vector_store_id", store.id());
        return body;
    }
}

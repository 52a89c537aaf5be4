package dev.parley.ingestion.source;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.aws.ObjectName;
import dev.parley.aws.ObjectStore;
import dev.parley.invocation.Deadline;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Api;
import dev.parley.testing.S3ProxyResource;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@TestProfile(S3EventsProfile.class)
class S3EventsIT {

    private final TestTenant tenant = TestTenant.create();
    private final TestStore store = TestStore.create(tenant.key());
    private final String prefix = tenant.id() + "/docs/";
    private int sequence = 0x10;

    @Inject
    S3Events events;

    @Inject
    ObjectStore objects;

    @Inject
    Transactions transactions;

    @Inject
    Json json;

    @TempDir
    Path disk;

    @Test
    void anObjectThatAppearsIsFound() {
        bind(prefix).statusCode(200);
        put("birds.md", "The kingfisher dives.");

        created("birds.md");

        store.awaitCompleted(1);
        String file = store.found("kingfisher").getFirst();
        as(tenant.key()).get("/v1/files/" + file).then().body("filename", equalTo("birds.md"));
        store.file(file).body("attributes.source", equalTo("s3://team-documents/" + prefix + "birds.md"));
        objects(binding()).body("data[0].key", equalTo(prefix + "birds.md")).body("data[0].file_id", equalTo(file));
    }

    @Test
    void theSameContentAgainCostsNothing() {
        bind(prefix).statusCode(200);
        put("birds.md", "The kingfisher dives.");
        String first = created("birds.md");
        store.awaitCompleted(1);
        List<String> before = store.found("kingfisher");

        handle(first);
        put("birds.md", "The kingfisher dives.");
        created("birds.md");

        assertThat(count("SELECT count(*) FROM files")).isEqualTo(1);
        await().until(() -> count("SELECT count(*) FROM jobs") == 0);
        assertThat(store.found("kingfisher")).isEqualTo(before);
    }

    @Test
    void changedContentTakesTheOldOnesPlaceWithoutAGap() {
        bind(prefix).statusCode(200);
        put("birds.md", "The kingfisher dives.");
        created("birds.md");
        store.awaitCompleted(1);
        String old = store.found("kingfisher").getFirst();

        put("birds.md", "The kingfisher rests.");
        created("birds.md");

        await().atMost(Duration.ofMinutes(2)).until(() -> {
            List<String> found = store.found("kingfisher");
            assertThat(found).hasSize(1);
            return !found.getFirst().equals(old);
        });
        as(tenant.key()).get("/v1/files/" + old).then().statusCode(404);
        assertThat(count("SELECT count(*) FROM files")).isEqualTo(1);
        assertThat(store.fileCounts().get("total")).isEqualTo(1);
    }

    @Test
    void contentThatIsReplacedBeforeItWasIndexedIsNeverFound() {
        bind(prefix).statusCode(200);
        for (int i = 0; i < 5; i++) {
            put("birds.md", "The kingfisher dives %d times.".formatted(i));
            created("birds.md");
        }

        await().atMost(Duration.ofMinutes(2)).until(() -> count("SELECT count(*) FROM files") == 1);
        store.awaitCompleted(1);
        assertThat(store.search("kingfisher").extract().<String>path("data[0].content[0].text"))
                .contains("4 times");
    }

    @Test
    void anObjectThatGoesTakesItsFileAlong() {
        bind(prefix).statusCode(200);
        put("birds.md", "The kingfisher dives.");
        created("birds.md");
        store.awaitCompleted(1);

        objects.delete(object("birds.md"));
        removed("birds.md", "ObjectRemoved:DeleteMarkerCreated");

        assertThat(store.found("kingfisher")).isEmpty();
        assertThat(count("SELECT count(*) FROM files")).isZero();
        objects(binding()).body("data[0].file_id", nullValue()).body("data[0].etag", nullValue());
        put("birds.md", "The kingfisher dives.");
        created("birds.md");
        store.awaitCompleted(1);
    }

    @Test
    void whatComesLateChangesNothing() {
        bind(prefix).statusCode(200);
        put("birds.md", "The kingfisher dives.");
        String early = event("ObjectCreated:Put", "birds.md", next());
        objects.delete(object("birds.md"));
        removed("birds.md", "ObjectRemoved:Delete");

        handle(early);

        assertThat(count("SELECT count(*) FROM files")).isZero();
    }

    @Test
    void aRemovalOfAnOldVersionLeavesTheObject() {
        bind(prefix).statusCode(200);
        put("birds.md", "The kingfisher dives.");
        created("birds.md");

        removed("birds.md", "ObjectRemoved:Delete");

        store.awaitCompleted(1);
        assertThat(store.found("kingfisher")).hasSize(1);
    }

    @Test
    void aRemovalThatOvertakesTheNextCreationLosesNothing() {
        bind(prefix).statusCode(200);
        put("birds.md", "The kingfisher dives.");
        String removal = event("ObjectRemoved:Delete", "birds.md", next());
        created("birds.md");

        handle(removal);

        store.awaitCompleted(1);
    }

    @Test
    void keysComeEncoded() {
        bind(prefix).statusCode(200);
        String name = "a b+c (ü) 100%.md";
        put(name, "The kingfisher dives.");

        created(name);

        store.awaitCompleted(1);
        as(tenant.key()).get("/v1/files").then().body("data[0].filename", equalTo(name));
    }

    @Test
    void whatIsNoFileIsSaidSo() {
        bind(prefix).statusCode(200);
        put("folder/", "");
        created("folder/");
        put("birds.md", "The kingfisher dives.");
        created("birds.md");
        put("empty.md", "");
        created("empty.md");
        put("birds.md", "x".repeat(100_001));
        created("birds.md");

        assertThat(count("SELECT count(*) FROM files")).isZero();
        objects(binding())
                .body("data", hasSize(3))
                .body("data[0].problem", containsString("100000"))
                .body("data[1].problem", containsString("empty"))
                .body("data[2].problem", nullValue());
    }

    @Test
    void anEventThatComesManyTimesAtOnceIsOneFile() throws Exception {
        bind(prefix).statusCode(200);
        put("birds.md", "The kingfisher dives.");
        String event = event("ObjectCreated:Put", "birds.md", next());
        var start = new CountDownLatch(1);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> handled = IntStream.range(0, 8)
                    .mapToObj(_ -> threads.submit(() -> {
                        start.await();
                        handle(event);
                        return true;
                    }))
                    .toList();
            start.countDown();
            for (Future<?> each : handled) {
                each.get();
            }
        }

        assertThat(count("SELECT count(*) FROM files")).isEqualTo(1);
        store.awaitCompleted(1);
    }

    @Test
    void onlyNotificationsOfS3AreHandledAndUnreadableOnesFail() {
        assertThat(events.handles(json.tree("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\"}")))
                .isTrue();
        handle("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"b\"}");
        assertThat(events.handles(json.tree("{\"parley\":\"housekeeping\"}"))).isFalse();
        assertThat(events.handles(json.tree("{\"Records\":[{\"eventSource\":\"aws:sqs\"}]}")))
                .isFalse();
        String unreadable =
                "{\"Records\":[{\"eventSource\":\"aws:s3\",\"eventName\":\"ObjectCreated:Put\",\"s3\":{}}]}";
        assertThat(events.handles(json.tree(unreadable))).isTrue();
        assertThatThrownBy(() -> handle(unreadable)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        handle("{\"Records\":[{\"eventSource\":\"aws:s3\",\"eventName\":\"ObjectCreated:Put\",\"s3\":"
                                + "{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"%zz\"}}}]}"))
                .isInstanceOf(IllegalArgumentException.class);
        handle("{\"Records\":[{\"eventSource\":\"aws:s3\",\"eventName\":\"ObjectTagging:Put\"}]}");
    }

    @Test
    void noTenantBindsWhatIsAnothers() {
        String others = TestTenant.create().id() + "/";

        for (String foreign :
                List.of(others, "", "shared/", "somebody/", tenant.id().toString(), "x" + prefix)) {
            bind(foreign).statusCode(403).body("error.code", equalTo("prefix_not_allowed"));
        }
        as(tenant.key())
                .body(Map.of("bucket", "another-bucket", "prefix", prefix))
                .post(path())
                .then()
                .statusCode(403);
        as(Api.newTenant())
                .body(Map.of("bucket", S3ProxyResource.DOCUMENTS, "prefix", prefix))
                .post(path())
                .then()
                .statusCode(404);
    }

    @Test
    void whatIsNotAllowedAnyMoreIsNotFollowed() {
        String binding = bind(prefix).extract().path("id");
        transactions.runInTenant(
                tenant.id(), connection -> Sql.update(connection, "UPDATE bucket_bindings SET prefix = ''"));
        put("birds.md", "The kingfisher dives.");

        created("birds.md");

        assertThat(count("SELECT count(*) FROM files")).isZero();
        objects(binding).body("data", hasSize(0));
    }

    @Test
    void bindingsAreListedAndEndWithoutTakingFilesAlong() {
        String binding = bind(prefix)
                .body("id", matchesPattern("bind_[0-9a-f]{32}"))
                .body("object", equalTo("vector_store.binding"))
                .body("vector_store_id", equalTo(store.id()))
                .body("bucket", equalTo(S3ProxyResource.DOCUMENTS))
                .body("prefix", equalTo(prefix))
                .body("created_at", notNullValue())
                .extract()
                .path("id");
        bind(prefix).statusCode(409);
        put("birds.md", "The kingfisher dives.");
        created("birds.md");
        store.awaitCompleted(1);
        as(tenant.key()).get(path()).then().body("data.id", equalTo(List.of(binding)));
        as(tenant.key()).get(path() + "/" + binding).then().body("prefix", equalTo(prefix));
        as(Api.newTenant()).get(path() + "/" + binding).then().statusCode(404);

        as(tenant.key()).delete(path() + "/" + binding).then().body("deleted", equalTo(true));

        as(tenant.key()).delete(path() + "/" + binding).then().statusCode(404);
        put("birds.md", "The otter swims.");
        created("birds.md");
        assertThat(store.found("kingfisher")).hasSize(1);
        assertThat(count("SELECT count(*) FROM files")).isEqualTo(1);
    }

    @Test
    void eventsOfADeletedStoreAreNobodys() {
        bind(prefix).statusCode(200);
        as(tenant.key()).delete("/v1/vector_stores/" + store.id()).then().statusCode(200);
        put("birds.md", "The kingfisher dives.");

        created("birds.md");

        assertThat(count("SELECT count(*) FROM files")).isZero();
    }

    private ValidatableResponse bind(String prefix) {
        return as(tenant.key())
                .body(Map.of("bucket", S3ProxyResource.DOCUMENTS, "prefix", prefix))
                .post(path())
                .then();
    }

    private String path() {
        return "/v1/vector_stores/" + store.id() + "/bindings";
    }

    private String binding() {
        return as(tenant.key()).get(path()).path("data[0].id");
    }

    private ValidatableResponse objects(String binding) {
        return as(tenant.key()).get(path() + "/" + binding + "/objects").then().statusCode(200);
    }

    private ObjectName object(String name) {
        return new ObjectName(S3ProxyResource.DOCUMENTS, prefix + name);
    }

    private void put(String name, String content) {
        try {
            Path file = Files.writeString(disk.resolve("content"), content);
            objects.put(object(name), file, new ObjectStore.Keeping("text/markdown", null));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private String created(String name) {
        String event = event("ObjectCreated:Put", name, next());
        handle(event);
        return event;
    }

    private void removed(String name, String how) {
        handle(event(how, name, next()));
    }

    private String next() {
        return "%018X".formatted(sequence++);
    }

    private String event(String what, String name, String sequencer) {
        return json.write(Map.of(
                "Records",
                List.of(Map.of(
                        "eventVersion",
                        "2.1",
                        "eventSource",
                        "aws:s3",
                        "eventName",
                        what,
                        "s3",
                        Map.of(
                                "bucket",
                                Map.of("name", S3ProxyResource.DOCUMENTS),
                                "object",
                                Map.of(
                                        "key",
                                        URLEncoder.encode(prefix + name, StandardCharsets.UTF_8),
                                        "sequencer",
                                        sequencer))))));
    }

    private void handle(String body) {
        JsonNode event = json.tree(body);
        assertThat(events.handles(event)).isTrue();
        events.handle(event, Deadline.NONE);
    }

    private long count(String sql) {
        return transactions.inTenant(tenant.id(), connection -> Sql.first(connection, sql, row -> row.getLong(1))
                .orElseThrow());
    }
}

package dev.parley.ingestion.source;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.aws.ObjectStore;
import dev.parley.invocation.Deadline;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.testing.Api;
import dev.parley.testing.S3ProxyResource;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Events of single objects, while no run of their source is under way.
@QuarkusTest
@TestProfile(S3EventsProfile.class)
class S3EventsIT {

    private final TestTenant tenant = TestTenant.create();
    private final TestStore store = TestStore.create(tenant.key());

    @Inject
    S3Events events;

    @Inject
    ObjectStore objects;

    @Inject
    Transactions transactions;

    @Inject
    Json json;

    @Inject
    BucketRules rules;

    private TestBucket bucket;

    @BeforeEach
    void openBucket() {
        bucket = new TestBucket(objects, tenant);
    }

    @Test
    void anObjectThatAppearsIsFound() {
        var source = bucket.source(store);
        bucket.put("birds.md", "The kingfisher dives.");

        created("birds.md");

        store.awaitCompleted(1);
        String file = store.found("kingfisher").getFirst();
        as(tenant.key()).get("/v1/files/" + file).then().body("filename", equalTo("birds.md"));
        store.file(file).body("attributes.source", equalTo("s3://team-documents/" + bucket.prefix() + "birds.md"));
        assertThat(source.document(bucket.prefix() + "birds.md", "file_id")).isEqualTo(file);
        assertThat(source.document(bucket.prefix() + "birds.md", "status")).isEqualTo("completed");
    }

    @Test
    void theSameContentAgainCostsNothing() {
        bucket.source(store);
        bucket.put("birds.md", "The kingfisher dives.");
        created("birds.md");
        store.awaitCompleted(1);
        List<String> before = store.found("kingfisher");

        created("birds.md");
        bucket.put("birds.md", "The kingfisher dives.");
        created("birds.md");

        assertThat(count("SELECT count(*) FROM files")).isEqualTo(1);
        await().until(() -> count("SELECT count(*) FROM jobs") == 0);
        assertThat(store.found("kingfisher")).isEqualTo(before);
    }

    @Test
    void whatAnEventBroughtCostsTheNextRunNoLook() {
        var source = bucket.source(store);
        bucket.put("birds.md", "The kingfisher dives.");
        created("birds.md");
        store.awaitCompleted(1);
        long looks = count("SELECT looks FROM source_documents");

        assertThat(TestSource.counts(source.sync())).containsExactly(0, 0, 1, 0, 0);

        assertThat(count("SELECT looks FROM source_documents")).isEqualTo(looks);
        assertThat(count("SELECT count(*) FROM files")).isEqualTo(1);
    }

    @Test
    void changedContentTakesTheOldOnesPlaceWithoutAGap() {
        bucket.source(store);
        bucket.put("birds.md", "The kingfisher dives.");
        created("birds.md");
        store.awaitCompleted(1);
        String old = store.found("kingfisher").getFirst();

        bucket.put("birds.md", "The kingfisher rests.");
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
        bucket.source(store);
        for (int i = 0; i < 5; i++) {
            bucket.put("birds.md", "The kingfisher dives %d times.".formatted(i));
            created("birds.md");
        }

        await().atMost(Duration.ofMinutes(2)).until(() -> count("SELECT count(*) FROM files") == 1);
        store.awaitCompleted(1);
        assertThat(store.search("kingfisher").extract().<String>path("data[0].content[0].text"))
                .contains("4 times");
    }

    @Test
    void anObjectThatGoesTakesItsFileAndItsDocumentAlong() {
        var source = bucket.source(store);
        bucket.put("birds.md", "The kingfisher dives.");
        created("birds.md");
        store.awaitCompleted(1);

        bucket.delete("birds.md");
        removed("birds.md", "ObjectRemoved:DeleteMarkerCreated");

        assertThat(store.found("kingfisher")).isEmpty();
        assertThat(count("SELECT count(*) FROM files")).isZero();
        assertThat(source.documents().getList("data")).isEmpty();
        bucket.put("birds.md", "The kingfisher dives.");
        created("birds.md");
        store.awaitCompleted(1);
    }

    @Test
    void whatComesLateChangesNothing() {
        bucket.source(store);
        bucket.put("birds.md", "The kingfisher dives.");
        bucket.delete("birds.md");
        removed("birds.md", "ObjectRemoved:Delete");

        created("birds.md");

        assertThat(count("SELECT count(*) FROM files")).isZero();
        assertThat(count("SELECT count(*) FROM source_documents")).isZero();
    }

    @Test
    void aRemovalOfAnOldVersionLeavesTheObject() {
        bucket.source(store);
        bucket.put("birds.md", "The kingfisher dives.");
        created("birds.md");

        removed("birds.md", "ObjectRemoved:Delete");

        store.awaitCompleted(1);
        assertThat(store.found("kingfisher")).hasSize(1);
    }

    @Test
    void aRemovalThatOvertakesTheNextCreationLosesNothing() {
        bucket.source(store);
        bucket.put("birds.md", "The kingfisher dives.");

        removed("birds.md", "ObjectRemoved:Delete");
        created("birds.md");

        store.awaitCompleted(1);
        assertThat(count("SELECT count(*) FROM files")).isEqualTo(1);
    }

    @Test
    void whatAProcessLeftThatDiedIsDoneWhenTheEventComesAgain() {
        var source = bucket.source(store);
        bucket.put("birds.md", "The kingfisher dives.");
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(
                        connection,
                        "INSERT INTO source_documents (tenant_id, source_id, id, key, listed_run, heard_run)"
                                + " SELECT tenant_id, id, gen_random_uuid(), ?, 0, run FROM sources",
                        bucket.prefix() + "birds.md"));
        assertThat(source.document(bucket.prefix() + "birds.md", "status")).isEqualTo("pending");

        created("birds.md");

        store.awaitCompleted(1);
        assertThat(count("SELECT count(*) FROM source_documents")).isEqualTo(1);
    }

    @Test
    void keysComeEncoded() {
        bucket.source(store);
        String name = "a b+c (ü) 100%.md";
        bucket.put(name, "The kingfisher dives.");

        created(name);

        store.awaitCompleted(1);
        as(tenant.key()).get("/v1/files").then().body("data[0].filename", equalTo(name));
    }

    @Test
    void whatIsNoFileIsSaidSo() {
        var source = bucket.source(store);
        bucket.put("folder/", "");
        created("folder/");
        bucket.put("birds.md", "The kingfisher dives.");
        created("birds.md");
        bucket.put("empty.md", "");
        created("empty.md");
        bucket.put("birds.md", "x".repeat(100_001));
        created("birds.md");

        assertThat(count("SELECT count(*) FROM files")).isZero();
        assertThat(source.documents().getList("data")).hasSize(2);
        assertThat(source.document(bucket.prefix() + "birds.md", "error")).contains("100000");
        assertThat(source.document(bucket.prefix() + "empty.md", "error")).contains("empty");
        assertThat(TestSource.counts(source.sync())).containsExactly(0, 0, 0, 0, 2);

        bucket.put("empty.md", "The kingfisher dives.");
        created("empty.md");
        store.awaitCompleted(1);
    }

    @Test
    void whatDoesNotFitIsLeftOutAndFailsNoEvent() {
        var source = TestSource.create(tenant, store, withMost(1));
        source.ended();
        for (String name : List.of("a.md", "b.md")) {
            bucket.put(name, "The kingfisher dives.");
            created(name);
        }
        created("x".repeat(3000));
        handle(bucket.event("ObjectCreated:Put", "a\0.md"));

        assertThat(source.documents().getList("data.key")).containsExactly(bucket.prefix() + "a.md");
        store.awaitCompleted(1);
        assertThat(source.sync().getString("last_run.error")).contains("more than 1");
    }

    @Test
    void aFullQueueTakesNothingInAndGivesTheEventBack() {
        var source = bucket.source(store);
        bucket.put("birds.md", "The kingfisher dives.");
        created("birds.md");
        store.awaitCompleted(1);
        await().until(() -> count("SELECT count(*) FROM jobs") == 0);
        bucket.put("otters.md", "The otter swims.");
        bucket.delete("birds.md");
        update("INSERT INTO jobs (tenant_id, id, kind, subject, run_at, turn)"
                + " SELECT tenant_id, gen_random_uuid(), 'ingestion', 'waits', now() - interval '1 year', now()"
                + " FROM sources; UPDATE jobs SET suspended = true");

        assertThatThrownBy(() -> created("otters.md"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("wait");
        removed("birds.md", "ObjectRemoved:Delete");

        assertThat(count("SELECT count(*) FROM files")).isZero();
        assertThat(source.document(bucket.prefix() + "otters.md", "status")).isEqualTo("pending");
        update("DELETE FROM jobs");
        created("otters.md");
        store.awaitCompleted(1);
    }

    private void update(String sql) {
        transactions.runInTenant(tenant.id(), connection -> Sql.update(connection, sql));
    }

    private Map<String, Object> withMost(int documents) {
        var origin = new HashMap<>(bucket.origin());
        origin.put("max_documents", documents);
        return origin;
    }

    @Test
    void anEventThatComesManyTimesAtOnceIsOneFile() throws Exception {
        bucket.source(store);
        bucket.put("birds.md", "The kingfisher dives.");
        var start = new CountDownLatch(1);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> handled = IntStream.range(0, 8)
                    .mapToObj(_ -> threads.submit(() -> {
                        start.await();
                        created("birds.md");
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
    void noTenantReadsWhatIsAnothers() {
        String prefix = bucket.prefix();
        String others = TestTenant.create().id() + "/";

        for (String foreign :
                List.of(others, "shared/", "somebody/", tenant.id().toString(), "x" + prefix)) {
            create(tenant.key(), S3ProxyResource.DOCUMENTS, foreign, 400);
        }
        create(tenant.key(), "another-bucket", prefix, 400);
        TestTenant other = TestTenant.create();
        create(other.key(), S3ProxyResource.DOCUMENTS, other.id() + "/", 404);
        as(Api.newTenant())
                .get("/v1/sources/" + bucket.source(store).id())
                .then()
                .statusCode(404);
    }

    @Test
    void noRuleOpensWhatParleyKeeps() {
        var somebody = new TenantId(
                Ids.parse(TenantId.PREFIX, S3EventsProfile.SOMEBODY).orElseThrow());

        assertThat(rules.allow(somebody, S3ProxyResource.DOCUMENTS, "somebody/"))
                .isTrue();
        assertThat(rules.allow(somebody, S3ProxyResource.DOCUMENTS, S3EventsProfile.KEPT))
                .isFalse();
        assertThat(rules.allow(somebody, S3ProxyResource.DOCUMENTS, S3EventsProfile.KEPT + tenant.id() + "/"))
                .isFalse();
        assertThat(rules.allow(somebody, S3ProxyResource.DOCUMENTS, "s")).isFalse();
    }

    private void create(String key, String name, String prefix, int status) {
        as(key).body(Map.of("type", "s3", "vector_store_id", store.id(), "bucket", name, "prefix", prefix))
                .post("/v1/sources")
                .then()
                .statusCode(status);
    }

    @Test
    void whatIsNotAllowedAnyMoreIsNotFollowed() {
        bucket.source(store);
        transactions.runInTenant(
                tenant.id(),
                connection ->
                        Sql.update(connection, "UPDATE sources SET origin = jsonb_set(origin, '{prefix}', '\"\"')"));
        bucket.put("birds.md", "The kingfisher dives.");

        created("birds.md");

        assertThat(count("SELECT count(*) FROM source_documents")).isZero();
    }

    @Test
    void aPausedSourceIgnoresEvents() {
        var source = bucket.source(store);
        source.change(Map.of("status", "paused"));
        bucket.put("birds.md", "The kingfisher dives.");

        created("birds.md");

        assertThat(count("SELECT count(*) FROM source_documents")).isZero();
        source.change(Map.of("status", "active"));
        created("birds.md");
        store.awaitCompleted(1);
    }

    @Test
    void aSourceThatIsGoneFollowsNothing() {
        var source = bucket.source(store);
        bucket.put("birds.md", "The kingfisher dives.");
        created("birds.md");
        store.awaitCompleted(1);

        as(tenant.key())
                .delete("/v1/sources/" + source.id() + "?keep_files=true")
                .then()
                .statusCode(200);

        bucket.put("birds.md", "The otter swims.");
        created("birds.md");
        assertThat(store.found("kingfisher")).hasSize(1);
        assertThat(count("SELECT count(*) FROM files")).isEqualTo(1);
    }

    @Test
    void eventsOfADeletedStoreAreNobodys() {
        bucket.source(store);
        as(tenant.key()).delete("/v1/vector_stores/" + store.id()).then().statusCode(200);
        bucket.put("birds.md", "The kingfisher dives.");

        created("birds.md");

        assertThat(count("SELECT count(*) FROM files")).isZero();
    }

    private void created(String name) {
        handle(bucket.event("ObjectCreated:Put", name));
    }

    private void removed(String name, String how) {
        handle(bucket.event(how, name));
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

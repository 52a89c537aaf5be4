package dev.parley.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.aws.ObjectStore;
import dev.parley.ingestion.source.DocumentSync.Outcome;
import dev.parley.invocation.Deadline;
import dev.parley.job.Jobs;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Events of single objects and runs that list all of them, together and in each other's way.
@QuarkusTest
@TestProfile(S3EventsProfile.class)
class S3EventsInRunsIT {

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
    Jobs jobs;

    @Inject
    Sources sources;

    @Inject
    HeardObjects heard;

    @Inject
    DocumentLook look;

    @Inject
    DocumentSync sync;

    @Inject
    Visits visits;

    private TestBucket bucket;

    @BeforeEach
    void openBucket() {
        bucket = new TestBucket(objects, tenant);
    }

    @Test
    void whatNoEventToldOfTheNextRunFinds() {
        var source = bucket.source(store);
        bucket.put("a.md", "The kingfisher dives.");
        bucket.put("b.md", "The otter swims.");
        assertThat(TestSource.counts(source.sync())).containsExactly(2, 0, 0, 0, 0);

        bucket.put("a.md", "The kingfisher rests.");
        bucket.delete("b.md");

        assertThat(TestSource.counts(source.sync())).containsExactly(0, 1, 0, 1, 0);
        await().atMost(Duration.ofMinutes(2)).until(() -> count("SELECT count(*) FROM files") == 1);
    }

    @Test
    void whatAnEventBringsWhileARunRemovesIsNotRemoved() {
        var source = withTwoDocuments();
        List.of("a.md", "b.md").forEach(bucket::delete);
        inTheMiddleOfARun("remove");
        bucket.put("new.md", "A badger digs.");
        created("new.md");
        bucket.put("b.md", "The otter swims.");
        created("b.md");

        JsonPath ended = goOn(source);

        assertThat(ended.getString("last_run.status")).isEqualTo("completed");
        assertThat(TestSource.counts(ended)).containsExactly(0, 0, 0, 1, 0);
        assertThat(source.documents().getList("data.key"))
                .containsExactlyInAnyOrder(bucket.prefix() + "b.md", bucket.prefix() + "new.md");
        assertThat(TestSource.counts(source.sync())).containsExactly(0, 0, 2, 0, 0);
    }

    @Test
    void aRunCountsWhatItListsAndNothingThatEventsBring() {
        var source = withTwoDocuments();
        inTheMiddleOfARun("check");
        list("a.md");
        list("b.md");
        bucket.put("a.md", "The kingfisher rests.");
        created("a.md");
        bucket.put("new.md", "A badger digs.");
        created("new.md");

        JsonPath ended = goOn(source);

        assertThat(ended.getString("last_run.status")).isEqualTo("completed");
        assertThat(TestSource.counts(ended)).containsExactly(0, 0, 2, 0, 0);
        assertThat(source.documents().getList("data")).hasSize(3);
    }

    @Test
    void whatGoesBetweenItsListingAndItsCheckIsGoneAtOnce() {
        var source = withTwoDocuments();
        inTheMiddleOfARun("check");
        List.of("a.md", "b.md").forEach(this::list);
        bucket.delete("b.md");

        JsonPath ended = goOn(source);

        assertThat(TestSource.counts(ended)).containsExactly(0, 0, 1, 1, 0);
        assertThat(source.documents().getList("data.key")).containsExactly(bucket.prefix() + "a.md");
        assertThat(count("SELECT count(*) FROM files")).isEqualTo(1);
    }

    @Test
    void anEventThatHasNoTimeComesAgain() {
        var source = bucket.source(store);
        bucket.put("a.md", "The kingfisher dives.");
        var event = json.tree(bucket.event("ObjectCreated:Put", "a.md"));

        assertThatThrownBy(() -> events.handle(event, Deadline.in(Duration.ZERO)))
                .hasMessageContaining("No time");

        events.handle(event, Deadline.in(Duration.ofMinutes(1)));
        assertThat(source.documents().getList("data")).hasSize(1);
    }

    @Test
    void whatAnEventBroughtTakesNoRoomTwice() {
        var source = bucket.source(store);
        for (String name : List.of("a.md", "b.md", "c.md")) {
            bucket.put(name, "Document " + name);
        }
        transactions.runInTenant(
                tenant.id(), connection -> Sql.update(connection, "UPDATE sources SET max_documents = 3"));
        inTheMiddleOfARun("list");
        created("c.md");

        JsonPath ended = goOn(source);

        assertThat(ended.getString("last_run.error")).isNull();
        assertThat(source.documents().getList("data")).hasSize(3);
        store.awaitCompleted(3);
    }

    @Test
    void whatAListingLeavesOutForWantOfRoomIsNotRemoved() {
        for (String name : List.of("a.md", "b.md", "z.md")) {
            bucket.put(name, "Document " + name);
        }
        var source = bucket.source(store);
        store.awaitCompleted(3);
        transactions.runInTenant(
                tenant.id(), connection -> Sql.update(connection, "UPDATE sources SET max_documents = 4"));
        bucket.put("c.md", "Document c.md");
        inTheMiddleOfARun("list");
        bucket.put("d.md", "Document d.md");
        created("d.md");
        // So it takes room that the listing does not count, as one that comes after its page does.
        bucket.delete("d.md");

        JsonPath ended = goOn(source);

        assertThat(ended.getString("last_run.error")).contains("more than 4");
        assertThat(TestSource.counts(ended)).containsExactly(1, 0, 2, 0, 0);
        assertThat(source.documents().getList("data.key")).contains(bucket.prefix() + "z.md");
        assertThat(TestSource.counts(source.sync())).containsExactly(0, 0, 4, 1, 0);
    }

    @Test
    void whatAListingLeftOutStaysThoughThereIsRoomAgain() {
        var source = withTwoDocuments();
        inTheMiddleOfARun("remove");
        list("a.md");
        transactions.runInTenant(
                tenant.id(), connection -> Sql.update(connection, "UPDATE sources SET run_full = true"));

        assertThat(TestSource.counts(goOn(source))).containsExactly(0, 0, 0, 0, 0);

        assertThat(source.documents().getList("data")).hasSize(2);
        bucket.delete("b.md");
        assertThat(TestSource.counts(source.sync())).containsExactly(0, 0, 1, 1, 0);
    }

    @Test
    void whoeverLookedLaterHasWritten() {
        var created = bucket.source(store);
        Source source = sources.get(SourceId.parse(tenant.id(), created.id()));
        String key = bucket.prefix() + "a.md";
        Visit visit = visits.ofEvent(source, key);
        bucket.put("a.md", "The kingfisher dives.");
        SourceDocument first = heard.expect(source, key).orElseThrow();
        Finding early = look.at(source, first, Deadline.NONE);

        bucket.put("a.md", "The kingfisher rests.");
        created("a.md");

        assertThat(sync.apply(visit, first, early)).isEqualTo(Outcome.OVERTAKEN);
        SourceDocument second = heard.expect(source, key).orElseThrow();
        Finding there = look.at(source, second, Deadline.NONE);
        assertThat(there).isInstanceOf(Finding.Unchanged.class);
        bucket.delete("a.md");
        created("a.md");
        assertThat(sync.apply(visit, second, there)).isEqualTo(Outcome.OVERTAKEN);
        assertThat(count("SELECT count(*) FROM files")).isZero();

        SourceDocument third = heard.expect(source, key).orElseThrow();
        Finding gone = look.at(source, third, Deadline.NONE);
        bucket.put("a.md", "The kingfisher dives.");
        created("a.md");
        assertThat(sync.apply(visit, third, gone)).isEqualTo(Outcome.OVERTAKEN);
        created.change(Map.of("status", "paused"));
        assertThat(sync.apply(visit, heard.expect(source, key).orElseThrow(), gone))
                .isEqualTo(Outcome.UNWANTED);
        assertThat(count("SELECT count(*) FROM files")).isEqualTo(1);
    }

    @Test
    void whateverHappensAtOnceTheStoreEndsWithWhatTheBucketHas() throws Exception {
        var source = bucket.source(store);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int i = 0; i < 12; i++) {
                String name = "%d.md".formatted(i % 3);
                String content = "Version %d.".formatted(i);
                boolean goes = i % 4 == 3;
                all.add(threads.submit(() -> {
                    if (goes) {
                        bucket.delete(name);
                    } else {
                        bucket.put(name, content);
                    }
                    patiently(name);
                }));
                all.add(threads.submit(source::sync));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        source.ended();

        List<String> there = List.of("0.md", "1.md", "2.md").stream()
                .filter(name -> objects.find(bucket.object(name)).isPresent())
                .toList();
        assertThat(source.documents().getList("data.key"))
                .containsExactlyInAnyOrderElementsOf(
                        there.stream().map(name -> bucket.prefix() + name).toList());
        for (String name : there) {
            String etag = objects.find(bucket.object(name)).orElseThrow().etag();
            assertThat(source.document(bucket.prefix() + name, "etag")).isEqualTo(etag);
        }
        await().atMost(Duration.ofMinutes(2)).until(() -> count("SELECT count(*) FROM files") == there.size());
        store.awaitCompleted(there.size());
    }

    /// As a queue does: what fails comes again.
    private void patiently(String name) {
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
            created(name);
            return true;
        });
    }

    private TestSource withTwoDocuments() {
        bucket.put("a.md", "The kingfisher dives.");
        bucket.put("b.md", "The otter swims.");
        var source = bucket.source(store);
        store.awaitCompleted(2);
        return source;
    }

    /// The next run, with no worker at it.
    private void inTheMiddleOfARun(String phase) {
        await().until(() -> count("SELECT count(*) FROM jobs WHERE kind = 'source'") == 0);
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(
                        connection,
                        "UPDATE sources SET run = run + 1, run_status = 'running', run_phase = ?, run_left = NULL,"
                                + " added = 0, changed = 0, unchanged = 0, removed = 0, failed = 0",
                        phase));
    }

    private void list(String name) {
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(
                        connection,
                        "UPDATE source_documents d SET listed_run = s.run FROM sources s"
                                + " WHERE s.id = d.source_id AND d.key = ?",
                        bucket.prefix() + name));
    }

    private JsonPath goOn(TestSource source) {
        transactions.runInTenant(tenant.id(), _ -> jobs.add(tenant.id(), SourceHandler.KIND, source.id()));
        return source.ended();
    }

    private void created(String name) {
        events.handle(json.tree(bucket.event("ObjectCreated:Put", name)), Deadline.NONE);
    }

    private long count(String sql) {
        return transactions.inTenant(tenant.id(), connection -> Sql.first(connection, sql, row -> row.getLong(1))
                .orElseThrow());
    }
}

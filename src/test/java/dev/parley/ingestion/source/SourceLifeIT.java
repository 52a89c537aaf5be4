package dev.parley.ingestion.source;

import static dev.parley.ingestion.source.ScriptedSite.status;
import static dev.parley.ingestion.source.ScriptedSite.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.job.Jobs;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of sources, their runs and their files when something breaks, or when somebody takes a part away.
@QuarkusTest
@TestProfile(SourcesProfile.class)
class SourceLifeIT {

    @Inject
    Transactions transactions;

    @Inject
    Jobs jobs;

    @Inject
    DueSources due;

    @Inject
    SourceRuns runs;

    private final TestTenant tenant = TestTenant.create();
    private final TestStore store = TestStore.create(tenant.key());
    private final ScriptedSite site;

    SourceLifeIT() throws IOException {
        site = new ScriptedSite();
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void filesThatAreKeptStillSucceedEachOther() {
        site.put("/a", text("The kingfisher dives."));
        var source = source("/a");
        store.awaitCompleted(1);
        String old = store.found("kingfisher").getFirst();
        TestStore elsewhere = TestStore.create(tenant.key());
        String fresh = elsewhere.add("a.txt", "The kingfisher rests.".getBytes());
        update("UPDATE source_documents d SET next_file_id = f.id FROM files f WHERE f.id <> d.file_id");

        delete(source, true);

        elsewhere.awaitCompleted(1);
        assertThat(count("files")).isEqualTo(2);
        assertThat(store.found("kingfisher")).containsExactly(old);
        tenant.request()
                .body(Map.of("file_id", fresh))
                .post("/v1/vector_stores/" + store.id() + "/files")
                .then()
                .statusCode(200);
        store.awaitStatus(fresh, "completed");
        assertThat(store.found("kingfisher")).containsExactly(fresh);
        assertThat(count("files")).isEqualTo(1);
        assertThat(count("orphaned_successions")).isZero();
    }

    @Test
    void aFileThatItsOwnerDeletesIsFetchedAgainThoughAnOlderOneIsThere() {
        site.put("/a.json", text("{\"animal\": \"kingfisher\"}"));
        var source = source("/a.json");
        store.awaitCompleted(1);
        site.put("/a.json", text("{"));
        source.sync();
        String broken = source.document(site.url("/a.json"), "file_id");
        store.awaitStatus(broken, "failed");

        tenant.request().delete("/v1/files/" + broken).then().statusCode(200);

        assertThat(TestSource.counts(source.sync())).containsExactly(0, 1, 0, 0, 0);
        assertThat(source.document(site.url("/a.json"), "file_id")).isNotEqualTo(broken);
        assertThat(count("files")).isEqualTo(2);
    }

    @Test
    void aServerThatFailsInBetweenHasNotSaidTwiceThatADocumentIsGone() {
        site.put("/a", text("Alpha."));
        var source = source("/a");
        site.remove("/a");
        source.sync();
        site.put("/a", status(500));
        source.sync();
        site.remove("/a");

        assertThat(TestSource.counts(source.sync())).containsExactly(0, 0, 0, 0, 1);
        assertThat(count("files")).isEqualTo(1);
        assertThat(TestSource.counts(source.sync())).containsExactly(0, 0, 0, 1, 0);
    }

    @Test
    void aDeletionWhoseJobDiedGoesOn() {
        site.put("/a", text("Alpha."));
        source("/a");
        awaitNoJob();
        deadLetter();
        update("UPDATE sources SET status = 'deleting', due_at = now() - interval '1 second'");

        due.run();

        await().atMost(Duration.ofSeconds(30)).until(() -> count("sources") == 0);
        assertThat(count("files")).isZero();
    }

    @Test
    void aSourceThatCannotBeginKeepsNoOtherFromIt() {
        site.put("/a", text("Alpha."));
        var broken = source("/a");
        update("UPDATE sources SET due_at = now() - interval '1 year', run = 9223372036854775807");
        var sound = source("/a");
        update("UPDATE sources SET due_at = now() - interval '1 hour' WHERE run = 1");
        site.asked();

        await().atMost(Duration.ofSeconds(30)).until(() -> {
            due.run();
            return !site.asked().isEmpty();
        });

        sound.ended();
        delete(broken, true);
    }

    @Test
    void aRunBeginsInTheOrderOfLocksThatWorkersHave() throws Exception {
        site.put("/a", text("Alpha."));
        var source = source("/a");
        awaitNoJob();
        deadLetter();
        update("UPDATE sources SET due_at = now() - interval '1 hour'");
        CompletableFuture<Void> beginning = transactions.inTenant(tenant.id(), connection -> {
            Sql.first(connection, "SELECT 1 FROM jobs WHERE kind = 'source' FOR UPDATE", _ -> true);
            var begun = CompletableFuture.runAsync(() -> due.begin(SourceId.parse(tenant.id(), source.id())));
            awaitOneWhoWaitsFor(connection);
            assertThat(Sql.first(connection, "SELECT 1 FROM sources FOR NO KEY UPDATE NOWAIT", _ -> true))
                    .isPresent();
            return begun;
        });
        beginning.get(30, TimeUnit.SECONDS);

        source.ended();
        assertThat(count("sources WHERE run = 2")).isEqualTo(1);
    }

    @Test
    void aDeadRunGoesOnWhenItsJobDoesAndOneThatHadEndedStaysWhatItWas() {
        site.put("/a", text("Alpha."));
        var source = source("/a");
        awaitNoJob();
        update("UPDATE sources SET run = run + 1, run_status = 'failed', run_error = 'Empty.', run_phase = 'list',"
                + " run_left = NULL");
        redrive(deadLetter());
        awaitNoJob();
        JsonPath ended = source.get();
        assertThat(ended.getString("last_run.status")).isEqualTo("failed");
        assertThat(ended.getString("last_run.error")).isEqualTo("Empty.");

        update("UPDATE sources SET run_death = 'It hung.', run_error = NULL");
        assertThat(source.get().getString("last_run.error")).isEqualTo("It hung.");
        redrive(deadLetter());
        assertThat(source.ended().getString("last_run.status")).isEqualTo("completed");
        assertThat(source.get().getString("last_run.error")).isNull();
    }

    @Test
    void aRunThatDiedAndGoesOnStillKnowsWhatItMissed() {
        site.put("/a", text("Alpha."));
        var source = source("/a");
        awaitNoJob();
        update("UPDATE sources SET run = run + 1, run_status = 'running', run_phase = 'list', run_left = NULL,"
                + " run_whole = false, run_error = 'A part is missing.'");
        runs.fail(SourceId.parse(tenant.id(), source.id()), "It hung.");
        assertThat(source.get().getString("last_run.error")).isEqualTo("It hung.");

        redrive(deadLetter());

        JsonPath ended = source.ended();
        assertThat(ended.getString("last_run.status")).isEqualTo("failed");
        assertThat(ended.getString("last_run.error")).isEqualTo("A part is missing.");
    }

    @Test
    void aFileIsDeletedInTheOrderOfLocksThatSourcesHave() throws Exception {
        site.put("/a", text("Alpha."));
        var source = source("/a");
        store.awaitCompleted(1);
        awaitNoJob();
        String file = source.document(site.url("/a"), "file_id");
        CompletableFuture<Void> deleting = transactions.inTenant(tenant.id(), connection -> {
            Sql.first(connection, "SELECT 1 FROM vector_stores FOR NO KEY UPDATE", _ -> true);
            var begun = CompletableFuture.runAsync(
                    () -> tenant.request().delete("/v1/files/" + file).then().statusCode(200));
            awaitOneWhoWaitsFor(connection);
            assertThat(Sql.first(connection, "SELECT 1 FROM files FOR UPDATE NOWAIT", _ -> true))
                    .isPresent();
            return begun;
        });

        deleting.get(30, TimeUnit.SECONDS);
        assertThat(count("files")).isZero();
    }

    private void awaitOneWhoWaitsFor(Connection connection) throws SQLException {
        int backend = Sql.first(connection, "SELECT pg_backend_pid()", row -> row.getInt(1))
                .orElseThrow();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> transactions.withoutTenant(asking -> Sql.first(
                                asking,
                                "SELECT 1 FROM pg_locks WHERE NOT granted AND ? = ANY (pg_blocking_pids(pid))",
                                _ -> true,
                                backend)
                        .isPresent()));
    }

    private TestSource source(String path) {
        var source = TestSource.ofUrls(tenant, store, List.of(site.url(path)));
        source.ended();
        return source;
    }

    private void delete(TestSource source, boolean keepFiles) {
        tenant.request()
                .delete("/v1/sources/" + source.id() + "?keep_files=" + keepFiles)
                .then()
                .statusCode(200);
    }

    private void awaitNoJob() {
        await().until(() -> count("jobs WHERE kind = 'source'") == 0);
    }

    /// The job of the only source there is, as it is when all its attempts have failed.
    private String deadLetter() {
        transactions.runInTenant(tenant.id(), connection -> {
            String id = Sql.first(
                            connection, "SELECT id FROM sources", row -> new SourceId(tenant.id(), Sql.uuid(row, "id")))
                    .orElseThrow()
                    .toString();
            jobs.add(tenant.id(), SourceHandler.KIND, id);
            Sql.update(connection, "UPDATE jobs SET status = 'dead', stage = 'check', reason = 'It hung.'");
        });
        return tenant.request().get("/v1/dead_letters").path("data[0].id");
    }

    private void redrive(String deadLetter) {
        tenant.request()
                .post("/v1/dead_letters/" + deadLetter + "/redrive")
                .then()
                .statusCode(200);
    }

    private void update(String sql) {
        transactions.runInTenant(tenant.id(), connection -> Sql.update(connection, sql));
    }

    private long count(String rows) {
        return transactions.inTenant(
                tenant.id(), connection -> Sql.first(connection, "SELECT count(*) FROM " + rows, row -> row.getLong(1))
                        .orElseThrow());
    }
}

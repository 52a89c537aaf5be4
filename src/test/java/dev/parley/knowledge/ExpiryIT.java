package dev.parley.knowledge;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.job.Housekeeping;
import dev.parley.model.Spend;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What expires is deleted here by calling the tasks; the application does so too, which changes no outcome.
@QuarkusTest
@TestProfile(KnowledgeProfile.class)
class ExpiryIT {

    private final Search search;
    private final ExpiredFiles expiredFiles;
    private final ExpiredStores expiredStores;
    private final Transactions transactions;
    private final Corpus corpus = Corpus.ofNewTenant();

    ExpiryIT(Search search, ExpiredFiles expiredFiles, ExpiredStores expiredStores, Transactions transactions) {
        this.search = search;
        this.expiredFiles = expiredFiles;
        this.expiredStores = expiredStores;
        this.transactions = transactions;
    }

    @Test
    void aPassageOfAnExpiredFileIsNotFoundAndOthersTakeItsPlace() {
        VectorStoreId store = corpus.store();
        AttachmentId lasting = corpus.document(store, Map.of("n", 1), "some apples", "and pears");
        AttachmentId expiring = corpus.document(store, Map.of("n", 1), "red apples", "green apples", "apples");
        assertThat(found(store)).contains(expiring.file());

        expire(expiring.file());

        assertThat(found(store)).isNotEmpty().containsOnly(lasting.file());
    }

    private List<FileId> found(VectorStoreId store) {
        return Stream.of(new Ranking(0, 1, 0), new Ranking(1, 0, 0), new Ranking(1, 1, 0))
                .flatMap(
                        ranking -> Stream.of(true, false).flatMap(filtered -> found(store, ranking, filtered).stream()))
                .toList();
    }

    private List<FileId> found(VectorStoreId store, Ranking ranking, boolean filtered) {
        Filter filter = filtered ? new Filter.Comparison("n", Filter.Operator.EQ, 1.0) : null;
        return search
                .search(corpus.tenant, new SearchQuery(List.of(store), "apples", 1, filter, ranking), Spend.UNMETERED)
                .hits()
                .stream()
                .map(Hit::file)
                .toList();
    }

    private void expire(FileId file) {
        change("UPDATE files SET expires_at = now() - interval '1s' WHERE id = ?", file.value());
    }

    @Test
    void anExpiredFileIsDeletedWithItsChunksAndNoOther() {
        VectorStoreId store = corpus.store();
        AttachmentId lasting = corpus.document(store, Map.of(), "some apples");
        AttachmentId expiring = corpus.document(store, Map.of(), "red apples", "green apples");
        change(
                "UPDATE files SET expires_at = now() + interval '1 hour' WHERE id = ?",
                lasting.file().value());
        expire(expiring.file());

        runToTheEnd(expiredFiles);

        assertThat(count("SELECT count(*) FROM files")).isEqualTo(1);
        assertThat(count("SELECT count(*) FROM chunks")).isEqualTo(1);
        as(corpus.key)
                .get("/v1/vector_stores/" + store)
                .then()
                .body("file_counts.completed", equalTo(1))
                .body("file_counts.total", equalTo(1));
        assertThat(found(store)).containsOnly(lasting.file());
    }

    @Test
    void anExpiredStoreIsNotSearchedNorChangedAndThenDeletedWhileItsFilesStay() {
        VectorStoreId store = corpus.store();
        VectorStoreId used = corpus.store();
        AttachmentId document = corpus.document(store, Map.of(), "red apples");
        corpus.document(store, Map.of(), "green apples");
        corpus.attach(used, document.file(), Map.of());
        live(store, 7, "7 days 2 minutes");
        live(used, 7, "6 days 23 hours");

        refusedAsExpired(store, "/search", Map.of("query", "apples"));
        refusedAsExpired(store, "", Map.of("name", "back again"));
        runToTheEnd(expiredStores);

        as(corpus.key).get("/v1/vector_stores/" + store).then().statusCode(404);
        as(corpus.key).get("/v1/vector_stores/" + used).then().statusCode(200);
        assertThat(count("SELECT count(*) FROM chunks")).isZero();
        assertThat(count("SELECT count(*) FROM files")).isEqualTo(2);
        assertThat(count("SELECT count(*) FROM vector_store_files")).isEqualTo(1);
    }

    @Test
    void aStoreThatHasJustExpiredIsShownAsExpired() {
        VectorStoreId store = corpus.store();
        live(store, 1, "1 day 1 second");

        runToTheEnd(expiredStores);

        as(corpus.key).get("/v1/vector_stores/" + store).then().statusCode(200).body("status", equalTo("expired"));
    }

    private void live(VectorStoreId store, int days, String unused) {
        change(
                "UPDATE vector_stores SET expires_after_days = ?, last_active_at = now() - ?::interval WHERE id = ?",
                days,
                unused,
                store.value());
    }

    private void refusedAsExpired(VectorStoreId store, String path, Map<String, String> body) {
        as(corpus.key)
                .body(body)
                .post("/v1/vector_stores/" + store + path)
                .then()
                .statusCode(400)
                .body("error.code", equalTo("vector_store_expired"));
    }

    private static void runToTheEnd(Housekeeping task) {
        while (task.run()) {
            // Batch after batch: other tests leave expired things as well.
        }
    }

    private void change(String sql, Object... args) {
        transactions.runInTenant(corpus.tenant, connection -> assertThat(Sql.update(connection, sql, args))
                .isEqualTo(1));
    }

    private long count(String sql) {
        return transactions.inTenant(corpus.tenant, connection -> Sql.first(connection, sql, row -> row.getLong(1))
                .orElseThrow());
    }
}

package dev.parley.knowledge;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.knowledge.Attachment.Stage;
import dev.parley.knowledge.Attachments.FailureCode;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.HashEmbedder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(KnowledgeProfile.class)
class ChunksIT {

    private final Chunks chunks;
    private final Attachments attachments;
    private final Transactions transactions;
    private final RecordedQueue queue;
    private final Corpus corpus = Corpus.ofNewTenant();

    ChunksIT(Chunks chunks, Attachments attachments, Transactions transactions, RecordedQueue queue) {
        this.chunks = chunks;
        this.attachments = attachments;
        this.transactions = transactions;
        this.queue = queue;
    }

    @Test
    void anAttachmentGoesStageByStageToCompleted() throws IOException {
        VectorStoreId store = corpus.store();
        AttachmentId id = corpus.attach(store, corpus.file("a.txt", "alpha beta"), Map.of());

        assertThat(queue.wasAskedFor(id)).isTrue();
        assertThat(new String(attachments.content(id).readAllBytes())).isEqualTo("alpha beta");
        assertThat(stage(id)).isEqualTo(Stage.QUEUED);
        attachments.saveParsed(id, 1, "{\"blocks\": []}");
        assertThat(attachments.parsed(id, 1)).contains("{\"blocks\": []}");
        assertThat(attachments.parsed(id, 2)).isEmpty();
        assertThat(stage(id)).isEqualTo(Stage.PARSED);
        corpus.cut(id, "alpha beta", "beta gamma");
        assertThat(stage(id)).isEqualTo(Stage.CHUNKED);
        corpus.embed(id);
        assertThat(stage(id)).isEqualTo(Stage.EMBEDDED);
        chunks.index(id);
        assertThat(attachments.inProgress(id)).isEmpty();
        assertThat(counters(store)).isEqualTo("1 2 4 1");
    }

    @Test
    void everyStageMayBeRepeated() {
        VectorStoreId store = corpus.store();
        AttachmentId id = corpus.attach(store, corpus.file("a.txt", "x"), Map.of());

        corpus.cut(id, "one", "two", "three");
        corpus.cut(id, "one", "two");
        corpus.embed(id);
        corpus.embed(id);
        chunks.index(id);
        chunks.index(id);
        corpus.cut(id, "too late");

        assertThat(counters(store)).isEqualTo("1 2 2 1");
        assertThat(count("chunks")).isEqualTo(2);
        assertThat(count("postings")).isEqualTo(2);
    }

    @Test
    void unchangedTextTakesTheVectorItHad() {
        VectorStoreId first = corpus.store();
        corpus.document(first, Map.of(), "known text");
        AttachmentId again = corpus.attach(corpus.store(), corpus.file("b.txt", "x"), Map.of());
        corpus.cut(again, "known text", "new text");

        assertThat(chunks.reuseEmbeddings(again, HashEmbedder.ALIAS)).isEqualTo(1);
        assertThat(chunks.unembedded(again, HashEmbedder.ALIAS, 10))
                .extracting(Chunks.Unembedded::input)
                .containsExactly("new text");
        assertThat(chunks.reuseEmbeddings(again, HashEmbedder.ALIAS)).isZero();
    }

    @Test
    void aFailedIngestionCanBeReopened() {
        AttachmentId id = corpus.attach(corpus.store(), corpus.file("a.txt", "x"), Map.of());
        corpus.cut(id, "one");

        attachments.fail(id, FailureCode.INVALID_FILE, "The file is encrypted.");
        assertThat(attachments.inProgress(id)).isEmpty();
        attachments.reopen(id);

        assertThat(stage(id)).isEqualTo(Stage.CHUNKED);
    }

    @Test
    void nulCharactersDoNotStopAFile() {
        VectorStoreId store = corpus.store();
        corpus.document(store, Map.of(), "nul\0 here");

        assertThat(counters(store)).startsWith("1 1 ");
    }

    @Test
    void deletingAFileTakesItsChunksOutOfEveryStore() {
        VectorStoreId one = corpus.store();
        VectorStoreId two = corpus.store();
        FileId file = corpus.file("a.txt", "x");
        for (VectorStoreId store : List.of(one, two)) {
            corpus.ingest(corpus.attach(store, file, Map.of()), "alpha beta", "gamma");
        }
        corpus.document(one, Map.of(), "delta");

        as(corpus.key).delete("/v1/files/" + file).then().statusCode(200);

        assertThat(counters(one)).isEqualTo("1 1 1 3");
        assertThat(counters(two)).isEqualTo("0 0 0 2");
        assertThat(count("chunks")).isEqualTo(1);
        assertThat(count("embeddings")).isEqualTo(1);
        assertThat(count("postings")).isEqualTo(1);
    }

    @Test
    void deletingAStoreLeavesItsFiles() {
        VectorStoreId store = corpus.store();
        corpus.document(store, Map.of(), "alpha beta");

        as(corpus.key).delete("/v1/vector_stores/" + store).then().statusCode(200);

        assertThat(count("files")).isEqualTo(1);
        assertThat(count("chunks")).isZero();
        assertThat(count("postings")).isZero();
    }

    @Test
    void countersAreRightAfterConcurrentIndexingDetachingAndDeleting() throws Exception {
        VectorStoreId one = corpus.store();
        VectorStoreId two = corpus.store();
        List<FileId> files = IntStream.range(0, 12)
                .mapToObj(i -> corpus.file(i + ".txt", "x"))
                .toList();
        var work = new java.util.ArrayList<Callable<Boolean>>();
        for (int i = 0; i < files.size(); i++) {
            FileId file = files.get(i);
            for (VectorStoreId store : List.of(one, two)) {
                AttachmentId id = corpus.attach(store, file, Map.of());
                work.add(() -> {
                    corpus.ingest(id, "alpha beta gamma", "beta");
                    return true;
                });
            }
            switch (i % 3) {
                case 0 ->
                    work.add(() -> as(corpus.key).delete("/v1/files/" + file).statusCode() == 200);
                case 1 ->
                    work.add(() -> as(corpus.key)
                                    .delete("/v1/vector_stores/%s/files/%s".formatted(one, file))
                                    .statusCode()
                            == 200);
                default -> {}
            }
        }

        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var done : threads.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        }

        assertThat(counters(one)).startsWith("4 8 16 ");
        assertThat(counters(two)).startsWith("8 16 32 ");
        assertThat(count("postings")).isEqualTo(12 * 4);
    }

    private Stage stage(AttachmentId id) {
        return attachments.inProgress(id).orElseThrow().stage();
    }

    private String counters(VectorStoreId store) {
        return transactions.inTenant(corpus.tenant, connection -> Sql.first(
                        connection,
                        "SELECT concat_ws(' ', completed_files, chunk_count, token_count, version) FROM vector_stores"
                                + " WHERE id = ?",
                        row -> row.getString(1),
                        store.value())
                .orElseThrow());
    }

    private long count(String table) {
        return transactions.inTenant(corpus.tenant, connection -> Sql.first(
                        connection, "SELECT count(*) FROM " + table, row -> row.getLong(1))
                .orElseThrow());
    }
}

package dev.parley.knowledge;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.knowledge.Attachments.FailureCode;
import dev.parley.problem.Problem;
import dev.parley.testing.HashEmbedder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(KnowledgeProfile.class)
class VectorStoresIT {

    private static final String STORES = "/v1/vector_stores";

    private final Attachments attachments;
    private final VectorStoreFiles files;
    private final FileBatches batches;
    private final Corpus corpus = Corpus.ofNewTenant();

    VectorStoresIT(Attachments attachments, VectorStoreFiles files, FileBatches batches) {
        this.attachments = attachments;
        this.files = files;
        this.batches = batches;
    }

    @Test
    void aStoreHasOpenAisShape() {
        post(
                        STORES,
                        Map.of(
                                "name", "Handbook",
                                "metadata", Map.of("team", "docs"),
                                "expires_after", Map.of("anchor", "last_active_at", "days", 7)))
                .statusCode(200)
                .body("id", matchesPattern("vs_[0-9a-f]{32}"))
                .body("object", equalTo("vector_store"))
                .body("name", equalTo("Handbook"))
                .body("status", equalTo("completed"))
                .body("usage_bytes", equalTo(0))
                .body("file_counts.total", equalTo(0))
                .body("metadata.team", equalTo("docs"))
                .body("expires_after.days", equalTo(7))
                .body("expires_at", notNullValue())
                .body("last_active_at", notNullValue())
                .body("parley.embedding_model", equalTo(HashEmbedder.ALIAS))
                .body("parley.text_search", equalTo("english"))
                .body("parley.degraded", equalTo(false));
        as(corpus.key).post(STORES).then().statusCode(200).body("name", equalTo(""));
    }

    @Test
    void aStoreCanBeModifiedListedAndDeleted() {
        VectorStoreId first = corpus.store();
        VectorStoreId second = corpus.store();

        post(STORES + "/" + first, Map.of("name", "renamed", "metadata", Map.of("a", "b")))
                .body("name", equalTo("renamed"))
                .body("metadata.a", equalTo("b"));
        get(STORES + "?limit=1").body("data[0].id", equalTo(second.toString())).body("has_more", equalTo(true));
        get(STORES + "?after=" + second).body("data[0].name", equalTo("renamed"));
        as(corpus.key)
                .delete(STORES + "/" + first)
                .then()
                .statusCode(200)
                .body("object", equalTo("vector_store.deleted"));
        get(STORES + "/" + first).statusCode(404);
    }

    @Test
    void badStoresNameTheParameter() {
        refused(STORES, Map.of("metadata", Map.of("k", 1)), "metadata.k");
        refused(STORES, Map.of("metadata", Map.of("k".repeat(65), "v")), "metadata");
        refused(STORES, Map.of("metadata", Map.of("k", "v".repeat(513))), "metadata.k");
        refused(STORES, Map.of("metadata", Map.of("k", "\0")), "metadata.k");
        refused(STORES, Map.of("metadata", Map.of("\0", "v")), "metadata");
        refused(STORES, Map.of("name", "n".repeat(513)), "name");
        refused(STORES, Map.of("expires_after", Map.of("anchor", "created_at", "days", 1)), "expires_after.anchor");
        refused(STORES, Map.of("expires_after", Map.of("anchor", "last_active_at", "days", 0)), "expires_after.days");
        refused(STORES, Map.of("chunking_strategy", Map.of("type", "mine")), "chunking_strategy.type");
        refused(
                STORES,
                Map.of("chunking_strategy", Map.of("type", "static", "static", Map.of("max_chunk_size_tokens", 99))),
                "chunking_strategy.static.max_chunk_size_tokens");
        refused(
                STORES,
                Map.of(
                        "chunking_strategy",
                        Map.of(
                                "type",
                                "static",
                                "static",
                                Map.of("max_chunk_size_tokens", 200, "chunk_overlap_tokens", 101))),
                "chunking_strategy.static.chunk_overlap_tokens");
        refused(STORES, Map.of("parley", Map.of("text_search", "klingon")), "parley.text_search");
        post(STORES, Map.of("parley", Map.of("embedding_model", "nope"))).statusCode(404);
        post(STORES, Map.of("file_ids", List.of("file-" + "0".repeat(32)))).statusCode(404);
    }

    @Test
    void listsAreNotPagedBackwards() {
        VectorStoreId store = corpus.store();
        String batch = post(
                        STORES + "/" + store + "/file_batches",
                        Map.of("file_ids", List.of(corpus.file("a.txt", "a").toString())))
                .statusCode(200)
                .extract()
                .path("id");

        for (String list : List.of("", "/" + store + "/files", "/" + store + "/file_batches/" + batch + "/files")) {
            get(STORES + list + "?before=x")
                    .statusCode(400)
                    .body("error.code", equalTo("unsupported_parameter"))
                    .body("error.param", equalTo("before"));
        }
    }

    @Test
    void whatWasDeletedMeanwhileIsNotFound() {
        var gone = new VectorStoreId(UUID.randomUUID());
        var attachment = new NewAttachment(corpus.file("a.txt", "a"), "{}", new ChunkingStrategy.Fixed(800, 400));

        assertThatThrownBy(() -> files.attach(corpus.tenant, gone, null, List.of(attachment)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("just deleted");
        assertThatThrownBy(() -> batches.create(corpus.tenant, gone, List.of(attachment)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("just deleted");
    }

    @Test
    void aStoreMadeWithFilesIsInProgressUntilTheyAreIngested() {
        FileId file = corpus.file("a.txt", "a");
        VectorStoreId store = corpus.store(Map.of("file_ids", List.of(file.toString())));
        get(STORES + "/" + store).body("status", equalTo("in_progress")).body("file_counts.in_progress", equalTo(1));

        corpus.ingest(new AttachmentId(corpus.tenant, store, file), "alpha");

        get(STORES + "/" + store)
                .body("status", equalTo("completed"))
                .body("file_counts.completed", equalTo(1))
                .body("file_counts.total", equalTo(1))
                .body("usage_bytes", not(equalTo(0)));
    }

    @Test
    void aFileInAStoreHasOpenAisShape() {
        VectorStoreId store = corpus.store();
        AttachmentId id = corpus.document(store, Map.of("lang", "en", "year", 2024, "draft", false), "alpha", "beta");
        String path = STORES + "/" + store + "/files/" + id.file();

        get(path)
                .body("object", equalTo("vector_store.file"))
                .body("status", equalTo("completed"))
                .body("vector_store_id", equalTo(store.toString()))
                .body("last_error", nullValue())
                .body("chunking_strategy.type", equalTo("static"))
                .body("chunking_strategy.static.max_chunk_size_tokens", equalTo(400))
                .body("attributes.year", equalTo(2024))
                .body("attributes.draft", equalTo(false));
        get(path + "/content").body("data.text", equalTo(List.of("alpha", "beta")));
        post(path, Map.of("attributes", Map.of("lang", "de"))).body("attributes", equalTo(Map.of("lang", "de")));
        refused(path, Map.of("attributes", Map.of("k", List.of())), "attributes.k");
        as(corpus.key).delete(path).then().statusCode(200).body("object", equalTo("vector_store.file.deleted"));
        get(path).statusCode(404);
        get("/v1/files/" + id.file()).statusCode(200);
    }

    @Test
    void filesOfAStoreAreListedByStatus() {
        VectorStoreId store = corpus.store();
        AttachmentId done = corpus.document(store, Map.of(), "alpha");
        AttachmentId failed = corpus.attach(store, corpus.file("b.pdf", "b"), Map.of());
        attachments.fail(failed, FailureCode.INVALID_FILE, "The file is encrypted.");
        AttachmentId waiting = corpus.attach(store, corpus.file("c.txt", "c"), Map.of());
        String files = STORES + "/" + store + "/files";

        get(files + "?filter=failed")
                .body("data", hasSize(1))
                .body("data[0].last_error.code", equalTo("invalid_file"))
                .body("data[0].last_error.message", equalTo("The file is encrypted."));
        get(files + "?filter=completed")
                .body("data.id", equalTo(List.of(done.file().toString())));
        get(files + "?limit=2")
                .body("data[0].id", equalTo(waiting.file().toString()))
                .body("has_more", equalTo(true));
        get(files + "?order=asc&after=" + failed.file())
                .body("data.id", equalTo(List.of(waiting.file().toString())));
        get(files + "?filter=odd").statusCode(400).body("error.param", equalTo("filter"));
    }

    @Test
    void attachingAgainKeepsTheChunksUnlessTheyAreToBeCutDifferently() {
        VectorStoreId store = corpus.store();
        AttachmentId id = corpus.document(store, Map.of(), "alpha");
        String files = STORES + "/" + store + "/files";
        String file = id.file().toString();

        post(files, Map.of("file_id", file, "attributes", Map.of("a", 1)))
                .body("status", equalTo("completed"))
                .body("attributes.a", equalTo(1));
        post(
                        files,
                        Map.of(
                                "file_id",
                                file,
                                "chunking_strategy",
                                Map.of(
                                        "type",
                                        "static",
                                        "static",
                                        Map.of("max_chunk_size_tokens", 200, "chunk_overlap_tokens", 0))))
                .body("status", equalTo("in_progress"));
        get(STORES + "/" + store).body("file_counts.completed", equalTo(0));
    }

    @Test
    void aBatchCountsItsFilesAndCanBeCancelled() {
        VectorStoreId store = corpus.store();
        FileId one = corpus.file("1.txt", "1");
        FileId two = corpus.file("2.txt", "2");
        String batches = STORES + "/" + store + "/file_batches";
        String batch = post(
                        batches,
                        Map.of(
                                "files",
                                List.of(
                                        Map.of("file_id", one.toString(), "attributes", Map.of("n", 1)),
                                        Map.of("file_id", two.toString()))))
                .statusCode(200)
                .body("id", matchesPattern("vsfb_[0-9a-f]{32}"))
                .body("object", equalTo("vector_store.files_batch"))
                .body("status", equalTo("in_progress"))
                .body("file_counts.in_progress", equalTo(2))
                .extract()
                .path("id");

        corpus.ingest(new AttachmentId(corpus.tenant, store, one), "alpha");
        post(batches + "/" + batch + "/cancel", Map.of())
                .body("status", equalTo("cancelled"))
                .body("file_counts.completed", equalTo(1))
                .body("file_counts.cancelled", equalTo(1));

        get(batches + "/" + batch + "/files?filter=cancelled").body("data.id", equalTo(List.of(two.toString())));
        assertThat(attachments.inProgress(new AttachmentId(corpus.tenant, store, two)))
                .isEmpty();
    }

    @Test
    void badBatchesNameTheParameter() {
        String batches = STORES + "/" + corpus.store() + "/file_batches";
        String file = corpus.file("1.txt", "1").toString();

        refused(batches, Map.of(), "file_ids");
        refused(batches, Map.of("file_ids", List.of()), "file_ids");
        refused(batches, Map.of("file_ids", Collections.nCopies(2001, file)), "file_ids");
        refused(
                batches,
                Map.of("files", List.of(Map.of("file_id", file, "attributes", Map.of("k", List.of())))),
                "files[0].attributes.k");
        refused(batches, Map.of("files", List.of(Map.of("attributes", Map.of()))), "files[0].file_id");
        post(batches, Map.of("file_ids", List.of("file-x"))).statusCode(404);
    }

    @Test
    void storesOfAnotherTenantDoNotExist() {
        VectorStoreId store = corpus.store();
        AttachmentId id = corpus.document(store, Map.of(), "secret");
        String batch = post(
                        STORES + "/" + store + "/file_batches",
                        Map.of("file_ids", List.of(id.file().toString())))
                .extract()
                .path("id");
        Corpus other = Corpus.ofNewTenant();
        String otherFile = other.file("theirs.txt", "x").toString();
        String mine = STORES + "/" + store;

        for (String path : List.of(
                mine,
                mine + "/files",
                mine + "/files/" + id.file(),
                mine + "/files/" + id.file() + "/content",
                mine + "/file_batches/" + batch,
                mine + "/file_batches/" + batch + "/files")) {
            as(other.key).get(path).then().statusCode(404);
        }
        for (String path : List.of(mine, mine + "/files/" + id.file())) {
            as(other.key)
                    .body(Map.of("attributes", Map.of()))
                    .post(mine + "/files/" + id.file())
                    .then()
                    .statusCode(404);
            as(other.key).delete(path).then().statusCode(404);
        }
        as(other.key).body(Map.of("name", "x")).post(mine).then().statusCode(404);
        as(other.key)
                .body(Map.of("file_id", otherFile))
                .post(mine + "/files")
                .then()
                .statusCode(404);
        as(other.key)
                .body(Map.of("file_ids", List.of(otherFile)))
                .post(mine + "/file_batches")
                .then()
                .statusCode(404);
        as(other.key).post(mine + "/file_batches/" + batch + "/cancel").then().statusCode(404);
        as(other.key).get(STORES).then().body("data.id", not(hasItem(store.toString())));
        // Nor can a tenant put another's file into its own store.
        as(other.key)
                .body(Map.of("file_id", id.file().toString()))
                .post(STORES + "/" + other.store() + "/files")
                .then()
                .statusCode(404);
        get(mine).statusCode(200).body("file_counts.completed", equalTo(1));
    }

    private ValidatableResponse get(String path) {
        return as(corpus.key).get(path).then();
    }

    private ValidatableResponse post(String path, Map<String, Object> request) {
        return as(corpus.key).body(request).post(path).then();
    }

    private void refused(String path, Map<String, Object> request, String param) {
        post(path, request).statusCode(400).body("error.param", equalTo(param));
    }
}

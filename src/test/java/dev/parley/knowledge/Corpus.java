package dev.parley.knowledge;

import static dev.parley.testing.Api.as;

import dev.parley.knowledge.Chunks.Embedded;
import dev.parley.knowledge.Chunks.NewChunk;
import dev.parley.knowledge.Chunks.Unembedded;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import dev.parley.testing.Api;
import dev.parley.testing.HashEmbedder;
import io.quarkus.arc.Arc;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A tenant with documents, put in by the API and taken through the stages as ingestion would.
final class Corpus {

    final String key;
    final TenantId tenant;

    private Corpus(String key, TenantId tenant) {
        this.key = key;
        this.tenant = tenant;
    }

    static Corpus ofNewTenant() {
        var created = Api.asDeveloper()
                .body("{\"name\":\"test\"}")
                .post("/v1/tenants")
                .then()
                .statusCode(200)
                .extract();
        String id = created.path("id");
        return new Corpus(
                created.path("admin_key.value"),
                new TenantId(Ids.parse(TenantId.PREFIX, id).orElseThrow()));
    }

    VectorStoreId store() {
        return store(Map.of("name", "test"));
    }

    VectorStoreId store(Map<String, Object> request) {
        return VectorStoreId.parse(as(key).body(request)
                .post("/v1/vector_stores")
                .then()
                .statusCode(200)
                .extract()
                .path("id"));
    }

    FileId file(String name, String content) {
        return FileId.parse(as(key).contentType("multipart/form-data")
                .multiPart("file", name, content.getBytes(StandardCharsets.UTF_8), "text/plain")
                .multiPart("purpose", "assistants")
                .post("/v1/files")
                .then()
                .statusCode(200)
                .extract()
                .path("id"));
    }

    AttachmentId attach(VectorStoreId store, FileId file, Map<String, Object> attributes) {
        as(key).body(Map.of("file_id", file.toString(), "attributes", attributes))
                .post("/v1/vector_stores/" + store + "/files")
                .then()
                .statusCode(200);
        return new AttachmentId(tenant, store, file);
    }

    /// A file of these chunks, attached and completely ingested.
    AttachmentId document(VectorStoreId store, Map<String, Object> attributes, String... texts) {
        AttachmentId id = attach(store, file("document.txt", String.join("\n\n", texts)), attributes);
        ingest(id, texts);
        return id;
    }

    void ingest(AttachmentId id, String... texts) {
        cut(id, texts);
        embed(id);
        chunks().index(id);
    }

    void cut(AttachmentId id, String... texts) {
        chunks().replace(
                        id,
                        Arrays.stream(texts)
                                .map(text -> new NewChunk(text, "", null, text.split(" ").length))
                                .toList());
    }

    void embed(AttachmentId id) {
        String model = HashEmbedder.ALIAS;
        for (List<Unembedded> next = chunks().unembedded(id, model, 500);
                !next.isEmpty();
                next = chunks().unembedded(id, model, 500)) {
            chunks().saveEmbeddings(
                            id,
                            model,
                            next.stream()
                                    .map(chunk -> new Embedded(
                                            chunk.chunkId(), chunk.sha256(), HashEmbedder.embed(chunk.input())))
                                    .toList());
        }
        chunks().markEmbedded(id);
    }

    static Chunks chunks() {
        return Arc.container().instance(Chunks.class).get();
    }
}

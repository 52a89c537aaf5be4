package dev.parley.knowledge;

import static dev.parley.testing.Explain.orderedPlan;
import static dev.parley.testing.Explain.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.knowledge.Filter.Comparison;
import dev.parley.knowledge.Filter.Operator;
import dev.parley.model.EmbeddingModelInfo;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.postgres.Vectors;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Every hot statement, as the application's role under row-level security, can use the index that is meant for it.
@QuarkusTest
@TestProfile(KnowledgeProfile.class)
class PlansIT {

    private final Transactions transactions;
    private final Json json;
    private final HnswIndexBuilder indexes;
    private final Corpus corpus = Corpus.ofNewTenant();
    private final VectorStoreId store = corpus.store();
    private final AttachmentId attachment = corpus.document(store, Map.of("n", 1), "alpha beta", "gamma");
    private final EmbeddingModelInfo model;

    PlansIT(Transactions transactions, Json json, HnswIndexBuilder indexes, HashEmbeddingModels models) {
        this.transactions = transactions;
        this.json = json;
        this.indexes = indexes;
        this.model = models.info(HashEmbeddingModels.MODEL);
    }

    @Test
    void theApplicationIsNotTheOwner() {
        assertThat(transactions.<String>inTenant(corpus.tenant, connection -> Sql.first(
                                connection, "SELECT current_user", row -> row.getString(1))
                        .orElseThrow()))
                .isEqualTo("parley_app");
    }

    @Test
    void exactSearchScansTheStoreByItsIndex() {
        Scope scope = scope(null);

        assertThat(plan(
                        transactions,
                        corpus.tenant,
                        DenseRanking.exactSql(scope),
                        scope.arguments(vector(), model.alias())))
                .contains("embeddings_by_store")
                .doesNotContain("hnsw");
    }

    @Test
    void approximateSearchWalksTheIndexOfItsModel() {
        for (Scope scope : List.of(scope(null), scope(new Comparison("n", Operator.EQ, 1.0)))) {
            assertThat(orderedPlan(
                            transactions,
                            corpus.tenant,
                            DenseRanking.approximateSql(scope, model),
                            scope.arguments(vector())))
                    .contains("Index Scan using " + HnswIndexes.name(model))
                    .contains("Order By");
        }
    }

    @Test
    void wordsAreLookedUpInThePostingsAlone() {
        Scope scope = scope(null);

        assertThat(plan(
                        transactions,
                        corpus.tenant,
                        LexicalRanking.sql(scope),
                        LexicalRanking.arguments(scope, "alpha")))
                .contains("Index Only Scan using postings_pkey")
                .containsPattern("Index Cond: .*p\\.tenant_id.* AND .*p\\.vector_store_id.* AND .*p\\.term");
    }

    @Test
    void stagesFindTheirChunksAndVectors() {
        Object[] key = AttachmentId.args(attachment);

        assertThat(plan(transactions, corpus.tenant, ChunkSql.DELETE, key))
                .contains("chunks_tenant_id_vector_store_id_file_id_ordinal_id_key");
        assertThat(plan(
                        transactions,
                        corpus.tenant,
                        ChunkSql.UNEMBEDDED,
                        AttachmentId.args(attachment, model.alias(), 10)))
                .contains("chunks_tenant_id_vector_store_id_file_id_ordinal_id_key");
        assertThat(plan(
                        transactions,
                        corpus.tenant,
                        ChunkSql.REUSE_EMBEDDINGS,
                        AttachmentId.args(model.alias(), attachment)))
                .contains("embeddings_by_text");
        assertThat(plan(transactions, corpus.tenant, Attachments.IN_PROGRESS, key))
                .contains("vector_store_files_pkey", "files_pkey", "vector_stores_pkey");
    }

    @Test
    void readersFindPartsHitsAndCounts() {
        var ids = List.of(store.value());

        assertThat(plan(
                        transactions,
                        corpus.tenant,
                        FileContent.PART,
                        corpus.tenant,
                        attachment.file().value(),
                        0))
                .contains("file_parts_pkey");
        assertThat(plan(transactions, corpus.tenant, Hits.LOAD, corpus.tenant, List.of(1L)))
                .contains("chunks_pkey", "vector_store_files_pkey", "files_pkey");
        assertThat(plan(transactions, corpus.tenant, Counting.UNFINISHED, corpus.tenant, ids))
                .contains("vector_store_files_by_status");
        assertThat(plan(transactions, corpus.tenant, Counting.OF_BATCH, corpus.tenant, ids))
                .contains("vector_store_files_by_batch");
    }

    @Test
    void deletionsFindPostingsByChunk() {
        assertThat(plan(
                        transactions,
                        corpus.tenant,
                        "DELETE FROM postings WHERE tenant_id = ? AND chunk_id = ?",
                        corpus.tenant,
                        1L))
                .contains("postings_by_chunk");
    }

    @Test
    void theIndexesAreBuiltOnce() {
        indexes.build();
        indexes.build();

        assertThat(transactions.<Boolean>inTenant(corpus.tenant, connection -> Sql.first(
                                connection,
                                "SELECT indisvalid FROM pg_index WHERE indexrelid = ?::regclass",
                                row -> row.getBoolean(1),
                                HnswIndexes.name(model))
                        .orElseThrow()))
                .isTrue();
    }

    private Scope scope(Filter filter) {
        return new Scope(corpus.tenant, List.of(store.value()), Predicate.of(filter, json), 10);
    }

    private static Object vector() {
        return Vectors.halfvec(HashEmbeddingModels.embed("alpha"));
    }
}

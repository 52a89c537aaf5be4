package dev.parley.knowledge;

import static dev.parley.testing.Explain.orderedPlan;
import static dev.parley.testing.Explain.plan;
import static dev.parley.testing.Explain.statement;
import static dev.parley.testing.Explain.systemPlan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.knowledge.Filter.Comparison;
import dev.parley.knowledge.Filter.Operator;
import dev.parley.model.EmbeddingModelInfo;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.postgres.Vectors;
import dev.parley.testing.HashEmbedder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Every hot statement, as the application's role under row-level security, can use the index that is meant for it.
@QuarkusTest
@TestProfile(KnowledgeProfile.class)
class PlansIT {

    private static @Nullable AttachmentId loaded;

    private final Transactions transactions;
    private final Json json;
    private final HnswIndexBuilder indexes;
    private final Flyway flyway;

    PlansIT(Transactions transactions, Json json, HnswIndexBuilder indexes, Flyway flyway) {
        this.transactions = transactions;
        this.json = json;
        this.indexes = indexes;
        this.flyway = flyway;
    }

    /// As many rows as make the planner choose, and statistics of them.
    @BeforeEach
    void load() throws SQLException {
        if (loaded == null) {
            Corpus corpus = Corpus.ofNewTenant();
            loaded = corpus.document(corpus.store(), Map.of("n", 1), "alpha beta", "gamma");
            transactions.runInTenant(corpus.tenant, connection -> {
                for (String statement : LOAD) {
                    Sql.update(connection, statement.formatted(corpus.tenant.value(), store()));
                }
            });
            try (var connection = flyway.getConfiguration().getDataSource().getConnection()) {
                Sql.update(connection, "VACUUM (ANALYZE) files, vector_store_files, chunks, embeddings, postings");
            }
        }
    }

    private static final List<String> LOAD = List.of("""
            INSERT INTO files SELECT '%1$s', gen_random_uuid(), 'f', 'assistants', 'text/plain', 1, sha256('f')
              FROM generate_series(1, 200)""", """
            INSERT INTO vector_store_files (tenant_id, vector_store_id, file_id, status, attributes,
                                            max_chunk_size_tokens, chunk_overlap_tokens)
            SELECT tenant_id, '%2$s', id, 'completed', '{"n": 2}', 400, 80 FROM files ON CONFLICT DO NOTHING""", """
            INSERT INTO chunks (tenant_id, vector_store_id, file_id, ordinal, text, tokens, sha256)
            SELECT tenant_id, vector_store_id, file_id, 10 + i, 'x', 1, sha256(int4send(i))
              FROM vector_store_files, generate_series(1, 10) i""", """
            INSERT INTO postings SELECT tenant_id, vector_store_id, 't' || (id * i) %% 500, id, 1, 20
              FROM chunks, generate_series(1, 20) i ON CONFLICT DO NOTHING""", """
            INSERT INTO embeddings SELECT c.tenant_id, c.id, 'hash-384', c.vector_store_id, c.file_id, c.sha256,
                   (SELECT array_agg((random() - 0.5 + 0 * (c.id + g))::real) FROM generate_series(1, 384) g)::halfvec
              FROM chunks c ON CONFLICT DO NOTHING""");

    private static AttachmentId attachment() {
        return Objects.requireNonNull(loaded);
    }

    private static TenantId tenant() {
        return attachment().tenant();
    }

    private static UUID store() {
        return attachment().vectorStore().value();
    }

    @Test
    void theApplicationIsNotTheOwner() {
        assertThat(transactions.<String>inTenant(
                        tenant(), connection -> Sql.first(connection, "SELECT current_user", row -> row.getString(1))
                                .orElseThrow()))
                .isEqualTo("parley_app");
    }

    @Test
    void exactSearchScansTheStoreByItsIndex() {
        Scope scope = scope(null);

        assertThat(plan(
                        transactions,
                        tenant(),
                        DenseRanking.exactSql(scope),
                        scope.arguments(vector(), model().alias())))
                .contains("embeddings_by_store")
                .doesNotContain("hnsw");
    }

    @Test
    void exactSearchUnderAFilterScansTheFilesThatPass() {
        Scope scope = scope(new Comparison("n", Operator.EQ, 1.0));

        assertThat(plan(
                        transactions,
                        tenant(),
                        DenseRanking.exactSql(scope),
                        scope.arguments(vector(), model().alias())))
                .contains("embeddings_by_store")
                .containsPattern("Index Cond: .*e\\.file_id = a\\.file_id");
    }

    /// Also where the planner would rather compare all chunks: the settings are the search's own.
    @Test
    void approximateSearchWalksTheIndexOfItsModel() {
        for (Scope scope : List.of(scope(null), scope(new Comparison("n", Operator.EQ, 1.0)))) {
            List<String> plan = transactions.inTenant(tenant(), connection -> {
                Sql.first(connection, DenseRanking.WALK_INDEX, _ -> true, "100");
                return Sql.list(
                        connection,
                        "EXPLAIN " + DenseRanking.approximateSql(scope, model()),
                        row -> row.getString(1),
                        scope.arguments(vector()));
            });

            assertThat(String.join("\n", plan))
                    .contains("Index Scan using " + HnswIndexes.name(model()))
                    .contains("Order By");
        }
    }

    @Test
    void wordsAreLookedUpInThePostingsAlone() {
        Scope scope = scope(null);

        assertThat(plan(transactions, tenant(), LexicalRanking.sql(scope), LexicalRanking.arguments(scope, "alpha")))
                .contains("Index Only Scan using postings_pkey")
                .containsPattern("Index Cond: .*p\\.tenant_id.* AND .*p\\.vector_store_id.* AND .*p\\.term");
    }

    @Test
    void chunksOfTheFilesThatPassAreReadFromAnIndexAlone() {
        Scope scope = scope(new Comparison("n", Operator.EQ, 1.0));

        assertThat(plan(transactions, tenant(), LexicalRanking.sql(scope), LexicalRanking.arguments(scope, "alpha")))
                .contains("Index Only Scan using chunks_tenant_id_vector_store_id_file_id_ordinal_id_key")
                .doesNotContain("chunks_pkey");
    }

    @Test
    void stagesFindTheirChunksAndVectors() {
        Object[] key = AttachmentId.args(attachment());

        assertThat(plan(transactions, tenant(), ChunkSql.DELETE, key))
                .contains("chunks_tenant_id_vector_store_id_file_id_ordinal_id_key");
        assertThat(plan(
                        transactions,
                        tenant(),
                        ChunkSql.UNEMBEDDED,
                        AttachmentId.args(attachment(), model().alias(), 10)))
                .contains("chunks_tenant_id_vector_store_id_file_id_ordinal_id_key");
        assertThat(plan(
                        transactions,
                        tenant(),
                        ChunkSql.REUSE_EMBEDDINGS,
                        AttachmentId.args(model().alias(), attachment())))
                .contains("embeddings_by_text");
        assertThat(plan(transactions, tenant(), Attachments.IN_PROGRESS, key))
                // By one of several indexes that hold the whole key.
                .containsPattern("Index Scan using vector_store_files_\\w+ .*\\n.*\\n *Index Cond: .*a.file_id = ")
                .contains("files_pkey", "vector_stores_pkey");
    }

    @Test
    void readersFindPartsHitsAndCounts() {
        var ids = List.of(store());

        assertThat(plan(
                        transactions,
                        tenant(),
                        ContentOwner.FILE_ROW,
                        tenant(),
                        attachment().file().value(),
                        0))
                .contains("file_parts_pkey");
        assertThat(plan(transactions, tenant(), Hits.LOAD, tenant(), List.of(1L)))
                .containsPattern("vector_store_files_(pkey|by_file)")
                .contains("chunks_pkey", "files_pkey");
        assertThat(plan(transactions, tenant(), Counting.UNFINISHED, tenant(), ids))
                .contains("vector_store_files_by_status");
        assertThat(plan(transactions, tenant(), Counting.OF_BATCH, tenant(), ids))
                .contains("vector_store_files_by_batch");
    }

    @Test
    void listsOfAStoresFilesComeInTheOrderOfTheirIndex() {
        FileId last = attachment().file();

        for (boolean ascending : new boolean[] {true, false}) {
            assertThat(listPlan(null, null, last, ascending)).contains("using vector_store_files_by_time");
            assertThat(listPlan(null, "failed", last, ascending)).contains("using vector_store_files_by_status");
            assertThat(listPlan(UUID.randomUUID(), "failed", last, ascending))
                    .containsPattern("using vector_store_files_by_(batch|status)");
        }
    }

    /// Its index leads by status, for counting; a batch without one is sorted.
    @Test
    void theFilesOfABatchAreFoundByIt() {
        var query =
                new AttachedFileQuery(tenant(), attachment().vectorStore(), UUID.randomUUID(), null, null, 20, false);

        assertThat(plan(transactions, tenant(), query.sql(), query.args()))
                .contains("using vector_store_files_by_batch");
    }

    private String listPlan(@Nullable UUID batch, @Nullable String status, FileId after, boolean ascending) {
        var query = new AttachedFileQuery(tenant(), attachment().vectorStore(), batch, status, after, 20, ascending);
        String plan = orderedPlan(transactions, tenant(), query.sql(), query.args());
        assertThat(plan).doesNotContain("Sort");
        return plan;
    }

    /// As Hibernate asks: the tenant is row-level security's.
    @Test
    void filesAreListedByPurposeInOrder() {
        assertThat(orderedPlan(
                        transactions,
                        tenant(),
                        "SELECT * FROM files WHERE (expires_at IS NULL OR expires_at > now())"
                                + " AND purpose = ? AND id < ? ORDER BY id DESC LIMIT 21",
                        "vision",
                        UUID.randomUUID()))
                .contains("using files_by_purpose")
                .doesNotContain("Sort");
    }

    @Test
    void whatHasExpiredIsFoundByItsTime() throws SQLException {
        var owner = flyway.getConfiguration().getDataSource();

        assertThat(plan(transactions, tenant(), Search.BEGIN, tenant(), Instant.now(), List.of(store())))
                .contains("using files_expiring_by_tenant");
        assertThat(systemPlan(owner, whole(owner, "expired_files")))
                .contains("using files_expiring ")
                .doesNotContain("Sort");
        assertThat(systemPlan(owner, whole(owner, "expired_vector_stores")))
                .contains("using vector_stores_expiring")
                .contains("Index Only Scan using vector_store_files_");
    }

    @Test
    void deletionsFindPostingsByChunk() {
        assertThat(plan(
                        transactions,
                        tenant(),
                        "DELETE FROM postings WHERE tenant_id = ? AND chunk_id = ?",
                        tenant(),
                        1L))
                .contains("postings_by_chunk");
    }

    @Test
    void theIndexesAreBuiltOnce() {
        indexes.afterMigration();
        indexes.afterMigration();

        assertThat(transactions.<Boolean>inTenant(tenant(), connection -> Sql.first(
                                connection,
                                "SELECT indisvalid FROM pg_index WHERE indexrelid = ?::regclass",
                                row -> row.getBoolean(1),
                                HnswIndexes.name(model()))
                        .orElseThrow()))
                .isTrue();
    }

    /// Of a function that is one statement.
    private static String whole(DataSource owner, String function) throws SQLException {
        return (statement(owner, function, "", "LIMIT batch\n") + "LIMIT batch").replace("batch", "20");
    }

    private EmbeddingModelInfo model() {
        return new EmbeddingModelInfo(HashEmbedder.ALIAS, HashEmbedder.DIMENSIONS, 510);
    }

    private Scope scope(Filter filter) {
        return new Scope(tenant(), List.of(store()), Predicate.of(filter, json), 10);
    }

    private static Object vector() {
        return Vectors.halfvec(HashEmbedder.embed("alpha"));
    }
}

package dev.parley.knowledge;

import dev.parley.model.EmbeddingModelInfo;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Vectors;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;

/// Ranks chunks by the cosine of their vector and the query's.
///
/// Few chunks are all compared, by an index scan of their store or files. Of many, the HNSW index of the model walks on
/// until enough are found that pass the conditions (pgvector's iterative scan); where its bound on that walk ends it
/// short, all are compared after all. So there are always as many hits as exist.
@ApplicationScoped
class DenseRanking {

    private static final String COUNT = """
            SELECT coalesce(sum(a.chunk_count), 0) FROM vector_store_files a
             WHERE a.tenant_id = ? AND a.vector_store_id = ANY (?) AND a.status = 'completed' AND\s""";

    /// Sorting is closed, because the planner cannot know that it is dear: it takes tenant, store and model for
    /// independent, expects a fraction of the store's chunks, and would rather compare them all.
    static final String WALK_INDEX = """
            SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', ?, true),
                   set_config('enable_sort', 'off', true)
            """;

    /// File by file, which `OFFSET 0` holds the planner to: it cannot know how few files pass a condition on their
    /// attributes, and would rather read every vector there is.
    private static final String OF_FILES = """
            SELECT e.chunk_id, e.distance
              FROM vector_store_files a
             CROSS JOIN LATERAL (
                SELECT e.chunk_id, e.embedding <=> ? AS distance FROM embeddings e
                 WHERE e.model = ? AND e.tenant_id = a.tenant_id
                   AND e.vector_store_id = a.vector_store_id AND e.file_id = a.file_id
                OFFSET 0) e
             WHERE a.tenant_id = ? AND a.vector_store_id = ANY (?) AND a.status = 'completed' AND %s""";

    private static final String SORT_AGAIN = "SELECT set_config('enable_sort', 'on', true)";

    /// Candidates that a walk keeps at a time (`ef_search`): fewer would miss near ones, and where only some of them
    /// pass the conditions, most searches still need no second walk.
    private static final int MIN_BREADTH = 100;

    /// pgvector's limit.
    private static final int MAX_BREADTH = 1000;

    private final KnowledgeConfig config;

    DenseRanking(KnowledgeConfig config) {
        this.config = config;
    }

    /// Best first, scores from 0 to 1.
    List<Scored> rank(Connection connection, Scope scope, EmbeddingModelInfo model, float[] query) throws SQLException {
        if (candidates(connection, scope) <= config.exactSearchLimit()) {
            return exact(connection, scope, model, query);
        }
        List<Scored> found = approximate(connection, scope, model, query);
        return found.size() < scope.depth() ? exact(connection, scope, model, query) : found;
    }

    List<Scored> exact(Connection connection, Scope scope, EmbeddingModelInfo model, float[] query)
            throws SQLException {
        return Sql.list(
                connection,
                exactSql(scope),
                DenseRanking::scored,
                scope.arguments(Vectors.halfvec(query), model.alias()));
    }

    List<Scored> approximate(Connection connection, Scope scope, EmbeddingModelInfo model, float[] query)
            throws SQLException {
        int breadth = Math.clamp(scope.depth(), MIN_BREADTH, MAX_BREADTH);
        Sql.first(connection, WALK_INDEX, _ -> true, String.valueOf(breadth));
        List<Scored> found = Sql.list(
                connection,
                approximateSql(scope, model),
                DenseRanking::scored,
                scope.arguments(Vectors.halfvec(query)));
        Sql.first(connection, SORT_AGAIN, _ -> true);
        return found.stream()
                .sorted(Comparator.comparingDouble(Scored::score).reversed())
                .toList();
    }

    /// Without the cast of the index, so that no plan can use it.
    static String exactSql(Scope scope) {
        String ranked = scope.isFiltered()
                ? OF_FILES.formatted(scope.condition().sql())
                : select("e.embedding", "e.model = ?", scope);
        return ranked + " ORDER BY distance, chunk_id LIMIT " + scope.depth();
    }

    /// Model and dimensions are literals, or the planner could not prove that the partial index covers the query.
    static String approximateSql(Scope scope, EmbeddingModelInfo model) {
        return select(HnswIndexes.expression(model), HnswIndexes.predicate(model), scope) + " ORDER BY distance LIMIT "
                + scope.depth();
    }

    private static String select(String vector, String model, Scope scope) {
        return """
                SELECT e.chunk_id, %s <=> ? AS distance
                  FROM embeddings e
                  JOIN vector_store_files a ON a.tenant_id = e.tenant_id
                       AND a.vector_store_id = e.vector_store_id AND a.file_id = e.file_id
                 WHERE %s AND e.tenant_id = ? AND e.vector_store_id = ANY (?)
                   AND a.status = 'completed' AND %s""".formatted(vector, model, scope.condition().sql());
    }

    private static long candidates(Connection connection, Scope scope) throws SQLException {
        return Sql.first(connection, COUNT + scope.condition().sql(), row -> row.getLong(1), scope.arguments())
                .orElseThrow();
    }

    private static Scored scored(ResultSet row) throws SQLException {
        return new Scored(row.getLong("chunk_id"), Math.clamp(1 - row.getDouble("distance"), 0, 1));
    }
}

package dev.parley.knowledge;

import static dev.parley.knowledge.AttachmentId.args;

import dev.parley.postgres.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ranks chunks by BM25 over the postings.
///
/// Okapi BM25 with Lucene's never negative idf, `ln(1 + (N - df + 0.5) / (df + 0.5))`; k1 = 1.2 and b = 0.75 as
/// Robertson and Zaragoza (2009) recommend, tuned to no collection. N and the mean length come from the stores'
/// counters, df from the postings themselves, all over every store that is searched. Query and documents are cut into
/// words by the store's own text search configuration.
@ApplicationScoped
class LexicalRanking {

    private static final String SELECT = """
            WITH stores AS MATERIALIZED (
                SELECT id, text_search, chunk_count, token_count FROM vector_stores
                 WHERE tenant_id = ? AND id = ANY (?)
            ), corpus AS MATERIALIZED (
                SELECT sum(chunk_count)::float8 AS n,
                       sum(token_count)::float8 / nullif(sum(chunk_count), 0) AS mean_length
                  FROM stores
            ), query AS MATERIALIZED (
                SELECT s.id AS store, q.lexeme COLLATE "C" AS term, cardinality(q.positions) AS frequency
                  FROM stores s CROSS JOIN LATERAL unnest(to_tsvector(s.text_search::regconfig, ?)) q
            ), matches AS MATERIALIZED (
                SELECT p.term, p.chunk_id, 2.2::float8 * q.frequency * p.frequency
                       / (p.frequency + 1.2::float8 * (0.25::float8 + 0.75::float8 * p.length / corpus.mean_length))
                       AS weight
                  FROM query q
                  JOIN postings p ON p.tenant_id = ? AND p.vector_store_id = q.store AND p.term = q.term
                 CROSS JOIN corpus
            ), terms AS MATERIALIZED (
                SELECT q.term, q.frequency,
                       ln(1 + (corpus.n - d.df + 0.5) / (d.df + 0.5)) AS idf
                  FROM (SELECT term, max(frequency) AS frequency FROM query GROUP BY term) q
                  LEFT JOIN (SELECT term, count(*) AS df FROM matches GROUP BY term) known ON known.term = q.term
                 CROSS JOIN LATERAL (SELECT coalesce(known.df, 0)::float8 AS df) d
                 CROSS JOIN corpus
            ), scored AS (
                SELECT m.chunk_id, sum(m.weight * t.idf) AS score
                  FROM matches m JOIN terms t ON t.term = m.term GROUP BY m.chunk_id
            )
            SELECT scored.chunk_id, scored.score / (SELECT sum(2.2::float8 * frequency * idf) FROM terms) AS score
              FROM scored\s""";

    private static final String FILES = """
              JOIN chunks c ON c.tenant_id = ? AND c.id = scored.chunk_id
              JOIN vector_store_files a ON a.tenant_id = c.tenant_id
                   AND a.vector_store_id = c.vector_store_id AND a.file_id = c.file_id
             WHERE\s""";

    /// Best first. Scores are from 0 to 1: the share of what a chunk could reach that repeats every word of the query
    /// without end.
    List<Scored> rank(Connection connection, Scope scope, String query) throws SQLException {
        return Sql.list(
                connection,
                sql(scope),
                row -> new Scored(row.getLong("chunk_id"), row.getDouble("score")),
                arguments(scope, query));
    }

    /// Postings exist of completed files only, so without a filter no other table is asked.
    static String sql(Scope scope) {
        String order = " ORDER BY scored.score DESC, scored.chunk_id LIMIT " + scope.depth();
        return SELECT + (scope.isFiltered() ? FILES + scope.condition().sql() : "") + order;
    }

    static @Nullable Object[] arguments(Scope scope, String query) {
        @Nullable Object[] always = args(scope.tenant(), scope.stores(), query, scope.tenant());
        return scope.isFiltered()
                ? args(always, scope.tenant(), scope.condition().args().toArray())
                : always;
    }
}

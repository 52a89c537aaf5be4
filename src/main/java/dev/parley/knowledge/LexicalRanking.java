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

    /// Postings that are read whole. Where the words of a query have more, the rarest are read up to here, and what
    /// the frequent ones add, which is little each, is looked up for the best candidates only. Bounds a search's
    /// time in a large store; below it the ranking is exact.
    private static final int READ_WHOLE = 50_000;

    private static final int CANDIDATES = 1_000;

    /// Of a query's different words the first so many are looked up in each store; no question has more.
    static final int MAX_WORDS = 128;

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
                  FROM stores s CROSS JOIN LATERAL (
                       SELECT * FROM unnest(to_tsvector(s.text_search::regconfig, ?)) word
                        ORDER BY word.positions[1], word.lexeme LIMIT {words}) q
            ), counted AS (
                SELECT term, max(frequency) AS frequency, sum(df)::float8 AS df
                  FROM (SELECT q.term, q.frequency,
                               (SELECT count(*) FROM postings p
                                 WHERE p.tenant_id = ? AND p.vector_store_id = q.store AND p.term = q.term) AS df
                          FROM query q) each_store
                 GROUP BY term
            ), terms AS MATERIALIZED (
                SELECT c.term, 2.2::float8 * c.frequency * ln(1 + (corpus.n - c.df + 0.5) / (c.df + 0.5)) AS weight,
                       row_number() OVER rarest = 1 OR sum(c.df) OVER rarest <= {budget} AS rare
                  FROM counted c CROSS JOIN corpus
                WINDOW rarest AS (ORDER BY c.df, c.term)
            ), found AS (
                SELECT p.chunk_id, sum({score}) AS score
                  FROM query q
                  JOIN terms t ON t.term = q.term AND t.rare
                  JOIN postings p ON p.tenant_id = ? AND p.vector_store_id = q.store AND p.term = q.term
                 CROSS JOIN corpus
                 GROUP BY p.chunk_id
            ){passing}, candidates AS MATERIALIZED (
                SELECT found.chunk_id, found.score FROM found {files}
                 ORDER BY found.score DESC, found.chunk_id LIMIT {candidates}
            ), scored AS (
                SELECT c.chunk_id, c.score + coalesce((
                    SELECT sum({score})
                      FROM query q
                      JOIN terms t ON t.term = q.term AND NOT t.rare
                      JOIN postings p ON p.tenant_id = ? AND p.vector_store_id = q.store AND p.term = q.term
                           AND p.chunk_id = c.chunk_id
                     CROSS JOIN corpus), 0) AS score
                  FROM candidates c
            )
            SELECT chunk_id, score / (SELECT sum(weight) FROM terms) AS score FROM scored
             ORDER BY score DESC, chunk_id LIMIT {depth}
            """;

    /// Of one posting, less the part of it that is the word's and not the chunk's.
    private static final String SCORE = """
            t.weight * p.frequency / (p.frequency + 1.2::float8 * (0.25::float8 + 0.75::float8 * p.length / corpus.mean_length))""";

    /// The chunks of the files that pass, by an index alone; to look up each chunk that was found in its table would
    /// read as many pages. `OFFSET 0` and `MATERIALIZED`, because the planner cannot know how many either are.
    private static final String PASSING = """
            , passing AS MATERIALIZED (
                SELECT c.id
                  FROM vector_store_files a
                 CROSS JOIN LATERAL (
                    SELECT c.id FROM chunks c
                     WHERE c.tenant_id = a.tenant_id AND c.vector_store_id = a.vector_store_id AND c.file_id = a.file_id
                    OFFSET 0) c
                 WHERE a.tenant_id = ? AND a.vector_store_id = ANY (?) AND a.status = 'completed' AND %s)""";

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
        return sql(scope, READ_WHOLE);
    }

    static String sql(Scope scope, int budget) {
        return SELECT.replace("{budget}", String.valueOf(budget))
                .replace("{score}", SCORE)
                .replace("{words}", String.valueOf(MAX_WORDS))
                .replace("{candidates}", String.valueOf(CANDIDATES))
                .replace("{depth}", String.valueOf(scope.depth()))
                .replace(
                        "{passing}",
                        scope.isFiltered() ? PASSING.formatted(scope.condition().sql()) : "")
                .replace("{files}", scope.isFiltered() ? "JOIN passing ON passing.id = found.chunk_id" : "");
    }

    static @Nullable Object[] arguments(Scope scope, String query) {
        Object tenant = scope.tenant();
        return scope.isFiltered()
                ? args(args(tenant, scope.stores(), query, tenant, tenant), scope.arguments(), tenant)
                : args(tenant, scope.stores(), query, tenant, tenant, tenant);
    }
}

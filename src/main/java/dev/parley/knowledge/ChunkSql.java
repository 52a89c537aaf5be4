package dev.parley.knowledge;

/// What the stages of an ingestion write. An attachment is always named by tenant, store and file, in this order.
final class ChunkSql {

    static final String DELETE = "DELETE FROM chunks WHERE tenant_id = ? AND vector_store_id = ? AND file_id = ?";

    static final String INSERT = """
            INSERT INTO chunks (tenant_id, vector_store_id, file_id, ordinal, text, heading, page, tokens, sha256)
            VALUES (?, ?, ?, ?, ?, ?, ?::int, ?, ?)""";

    static final String REUSE_EMBEDDINGS = """
            INSERT INTO embeddings (tenant_id, chunk_id, model, vector_store_id, file_id, sha256, embedding)
            SELECT c.tenant_id, c.id, known.model, c.vector_store_id, c.file_id, c.sha256, known.embedding
              FROM chunks c
             CROSS JOIN LATERAL (
                SELECT e.model, e.embedding FROM embeddings e
                 WHERE e.tenant_id = c.tenant_id AND e.model = ? AND e.sha256 = c.sha256
                 LIMIT 1) known
             WHERE c.tenant_id = ? AND c.vector_store_id = ? AND c.file_id = ?
            ON CONFLICT DO NOTHING
            """;

    static final String UNEMBEDDED = """
            SELECT c.id, c.sha256, c.heading, c.text FROM chunks c
             WHERE c.tenant_id = ? AND c.vector_store_id = ? AND c.file_id = ?
               AND NOT EXISTS (SELECT FROM embeddings e
                                WHERE e.tenant_id = c.tenant_id AND e.chunk_id = c.id AND e.model = ?)
             ORDER BY c.ordinal LIMIT ?
            """;

    static final String INSERT_EMBEDDING = """
            INSERT INTO embeddings (tenant_id, chunk_id, model, vector_store_id, file_id, sha256, embedding)
            SELECT c.tenant_id, c.id, ?, c.vector_store_id, c.file_id, c.sha256, ?
              FROM chunks c WHERE c.tenant_id = ? AND c.id = ? AND c.sha256 = ?
            ON CONFLICT DO NOTHING
            """;

    static final String LOCK_STORE =
            "SELECT text_search FROM vector_stores WHERE tenant_id = ? AND id = ? FOR NO KEY UPDATE";

    /// The mutex of everything that is written for an attachment.
    static final String LOCK_IN_PROGRESS = """
            SELECT file_id FROM vector_store_files
             WHERE tenant_id = ? AND vector_store_id = ? AND file_id = ? AND status = 'in_progress'
               FOR NO KEY UPDATE
            """;

    /// Returns the lexemes that were written, repetitions included.
    static final String INSERT_POSTINGS = """
            WITH lexemes AS (
                SELECT c.tenant_id, c.vector_store_id, c.id, l.lexeme, cardinality(l.positions) AS frequency
                  FROM chunks c
                 CROSS JOIN LATERAL unnest(to_tsvector(?::regconfig, c.heading || E'\\n' || c.text)) l
                 WHERE c.tenant_id = ? AND c.vector_store_id = ? AND c.file_id = ?
            ), written AS (
                INSERT INTO postings (tenant_id, vector_store_id, term, chunk_id, frequency, length)
                SELECT tenant_id, vector_store_id, lexeme, id, frequency, sum(frequency) OVER (PARTITION BY id)
                  FROM lexemes
                RETURNING frequency
            ) SELECT coalesce(sum(frequency), 0) FROM written
            """;

    static final String COMPLETE = """
            UPDATE vector_store_files a SET
                status = 'completed', stage = 'indexed', token_count = ?, chunk_count = size.chunks,
                usage_bytes = size.text_bytes + size.vector_bytes
              FROM (SELECT count(DISTINCT c.id) AS chunks,
                           coalesce(sum(octet_length(c.text) + octet_length(c.heading)), 0) AS text_bytes,
                           coalesce(sum(pg_column_size(e.embedding)), 0) AS vector_bytes
                      FROM chunks c
                      LEFT JOIN embeddings e ON e.tenant_id = c.tenant_id AND e.chunk_id = c.id
                     WHERE c.tenant_id = ? AND c.vector_store_id = ? AND c.file_id = ?) size
             WHERE a.tenant_id = ? AND a.vector_store_id = ? AND a.file_id = ?
            """;

    static final String COUNT_IN = """
            UPDATE vector_stores s SET
                completed_files = s.completed_files + 1,
                chunk_count = s.chunk_count + a.chunk_count,
                token_count = s.token_count + a.token_count,
                usage_bytes = s.usage_bytes + a.usage_bytes,
                version = s.version + 1,
                last_active_at = greatest(s.last_active_at, now())
              FROM vector_store_files a
             WHERE a.tenant_id = ? AND a.vector_store_id = ? AND a.file_id = ?
               AND s.tenant_id = a.tenant_id AND s.id = a.vector_store_id
            """;

    private ChunkSql() {}
}

-- Files, vector stores, chunks and the two indexes over them: embeddings (dense) and postings (BM25).

CREATE TABLE files (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    filename     text NOT NULL CHECK (length(filename) BETWEEN 1 AND 512),
    purpose      text NOT NULL,
    content_type text NOT NULL,
    bytes        bigint NOT NULL CHECK (bytes >= 0),
    sha256       bytea NOT NULL CHECK (length(sha256) = 32),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX files_by_purpose ON files (tenant_id, purpose, id);
CALL isolate_by_tenant('files');

-- A file's bytes in parts of at most 1 MiB, so that neither reading nor writing one holds all of it twice.
CREATE TABLE file_parts (
    tenant_id uuid NOT NULL,
    file_id   uuid NOT NULL,
    part      int NOT NULL,
    data      bytea NOT NULL,
    PRIMARY KEY (tenant_id, file_id, part),
    FOREIGN KEY (tenant_id, file_id) REFERENCES files ON DELETE CASCADE
);
ALTER TABLE file_parts ALTER COLUMN data SET STORAGE EXTERNAL;
CALL isolate_by_tenant('file_parts');

-- The parse stage's checkpoint: the file as text with its structure, shared by every store it is attached to.
CREATE TABLE parsed_files (
    tenant_id      uuid NOT NULL,
    file_id        uuid NOT NULL,
    parser_version int NOT NULL,
    blocks         jsonb NOT NULL,
    PRIMARY KEY (tenant_id, file_id),
    FOREIGN KEY (tenant_id, file_id) REFERENCES files ON DELETE CASCADE
);
CALL isolate_by_tenant('parsed_files');

CREATE TABLE vector_stores (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    name            text NOT NULL DEFAULT '',
    description     text,
    metadata        jsonb NOT NULL DEFAULT '{}',
    -- Null: there was no embedding model when the store was made; it is searched by BM25 alone.
    embedding_model text,
    -- A text search configuration by name: a regconfig column would keep pg_upgrade from running.
    text_search     text NOT NULL DEFAULT 'english',
    expires_after_days int CHECK (expires_after_days BETWEEN 1 AND 365),
    -- Kept by the index stage and by deletions, so that BM25 and `file_counts` need no count over the store. Whoever
    -- changes them locks this row first, several stores in id order.
    completed_files bigint NOT NULL DEFAULT 0 CHECK (completed_files >= 0),
    chunk_count     bigint NOT NULL DEFAULT 0 CHECK (chunk_count >= 0),
    token_count     bigint NOT NULL DEFAULT 0 CHECK (token_count >= 0),
    usage_bytes     bigint NOT NULL DEFAULT 0 CHECK (usage_bytes >= 0),
    -- Moves with every change of content: the key of anything cached from this store.
    version         bigint NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now(),
    last_active_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
CALL isolate_by_tenant('vector_stores');

CREATE TABLE file_batches (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    vector_store_id uuid NOT NULL,
    cancelled_at    timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, vector_store_id) REFERENCES vector_stores ON DELETE CASCADE
);
CREATE INDEX file_batches_by_store ON file_batches (tenant_id, vector_store_id);
CALL isolate_by_tenant('file_batches');

CREATE TABLE vector_store_files (
    tenant_id       uuid NOT NULL,
    vector_store_id uuid NOT NULL,
    file_id         uuid NOT NULL,
    batch_id        uuid,
    status          text NOT NULL DEFAULT 'in_progress'
                    CHECK (status IN ('in_progress', 'completed', 'cancelled', 'failed')),
    -- The last ingestion stage that is done, so that a retry goes on from there.
    stage           text NOT NULL DEFAULT 'queued'
                    CHECK (stage IN ('queued', 'parsed', 'chunked', 'embedded', 'indexed')),
    error_code      text CHECK (error_code IN ('server_error', 'unsupported_file', 'invalid_file')),
    error_message   text,
    attributes      jsonb NOT NULL DEFAULT '{}',
    max_chunk_size_tokens int NOT NULL,
    chunk_overlap_tokens  int NOT NULL,
    -- What this file adds to the store's counters once it is completed.
    chunk_count     bigint NOT NULL DEFAULT 0,
    token_count     bigint NOT NULL DEFAULT 0,
    usage_bytes     bigint NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, vector_store_id, file_id),
    FOREIGN KEY (tenant_id, vector_store_id) REFERENCES vector_stores ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, file_id) REFERENCES files ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, batch_id) REFERENCES file_batches ON DELETE SET NULL (batch_id),
    CHECK ((status = 'failed') = (error_code IS NOT NULL))
);
CREATE INDEX vector_store_files_by_time ON vector_store_files (tenant_id, vector_store_id, created_at, file_id);
CREATE INDEX vector_store_files_by_status
    ON vector_store_files (tenant_id, vector_store_id, status, created_at, file_id);
CREATE INDEX vector_store_files_by_file ON vector_store_files (tenant_id, file_id);
CREATE INDEX vector_store_files_by_batch ON vector_store_files (tenant_id, batch_id, status, created_at, file_id);
CALL isolate_by_tenant('vector_store_files');

CREATE TABLE chunks (
    tenant_id       uuid NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY,
    vector_store_id uuid NOT NULL,
    file_id         uuid NOT NULL,
    ordinal         int NOT NULL,
    text            text NOT NULL,
    -- The headings above the chunk, outermost first; searched with the text, not quoted.
    heading         text NOT NULL DEFAULT '',
    page            int,
    tokens          int NOT NULL,
    -- SHA-256 of what is embedded: an unchanged chunk takes its vector from an equal one.
    sha256          bytea NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, vector_store_id, file_id, ordinal) INCLUDE (id),
    FOREIGN KEY (tenant_id, vector_store_id, file_id) REFERENCES vector_store_files ON DELETE CASCADE
);
CALL isolate_by_tenant('chunks');
GRANT USAGE ON SEQUENCE chunks_id_seq TO parley_app;

CREATE TABLE embeddings (
    tenant_id       uuid NOT NULL,
    chunk_id        bigint NOT NULL,
    model           text NOT NULL,
    vector_store_id uuid NOT NULL,
    file_id         uuid NOT NULL,
    sha256          bytea NOT NULL,
    embedding       halfvec NOT NULL,
    PRIMARY KEY (tenant_id, chunk_id, model),
    FOREIGN KEY (tenant_id, chunk_id) REFERENCES chunks ON DELETE CASCADE
);
ALTER TABLE embeddings ALTER COLUMN embedding SET STORAGE PLAIN;
CREATE INDEX embeddings_by_store ON embeddings (tenant_id, vector_store_id, model, file_id);
CREATE INDEX embeddings_by_text ON embeddings (tenant_id, model, sha256);
CALL isolate_by_tenant('embeddings');

-- The inverted table. Document frequency is counted from it at query time; length is the chunk's, in lexemes.
CREATE TABLE postings (
    tenant_id       uuid NOT NULL,
    vector_store_id uuid NOT NULL,
    term            text COLLATE "C" NOT NULL,
    chunk_id        bigint NOT NULL,
    frequency       int NOT NULL,
    length          int NOT NULL,
    PRIMARY KEY (tenant_id, vector_store_id, term, chunk_id) INCLUDE (frequency, length)
);
CREATE INDEX postings_by_chunk ON postings (tenant_id, chunk_id);
CALL isolate_by_tenant('postings');

-- Stands in for a foreign key with a cascade: a chunk has about a hundred postings, and a check for each when it is
-- written and a lookup for each chunk when it is deleted would cost more than the rest of either.
CREATE FUNCTION forget_postings() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM postings p USING gone WHERE p.tenant_id = gone.tenant_id AND p.chunk_id = gone.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER chunks_forget_postings AFTER DELETE ON chunks
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION forget_postings();

-- Sources: places outside whose documents are kept in a vector store, looked at now and then.

CREATE TABLE sources (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    vector_store_id uuid NOT NULL,
    type            text NOT NULL CHECK (type IN ('s3', 'sitemap', 'feed', 'urls')),
    -- What its type asks for: a URL, a bucket.
    origin          jsonb NOT NULL,
    -- How its files are put into the store, as clients write it; NULL for Parley's own way of cutting.
    attributes      jsonb NOT NULL DEFAULT '{}',
    chunking        jsonb,
    every_seconds   int NOT NULL CHECK (every_seconds > 0),
    max_documents   int NOT NULL CHECK (max_documents > 0),
    -- deleting: its owner sees it no more, and its files are going.
    status          text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'deleting')),
    created_at      timestamptz NOT NULL DEFAULT now(),
    due_at          timestamptz NOT NULL DEFAULT now(),
    -- The last run, or the one that is under way. Documents say by its number how far it is.
    run             bigint NOT NULL DEFAULT 0,
    run_status      text CHECK (run_status IN ('running', 'completed', 'failed', 'cancelled')),
    run_phase       text NOT NULL DEFAULT 'list' CHECK (run_phase IN ('list', 'check', 'remove')),
    -- What of the listing is left: NULL for all of it.
    run_left        jsonb,
    -- How often in a row the next page of the listing could not be read.
    run_failures    int NOT NULL DEFAULT 0,
    -- Whether the listing is whole so far: only then what is not in it is gone.
    run_whole       boolean NOT NULL DEFAULT true,
    run_started_at  timestamptz,
    run_ended_at    timestamptz,
    run_error       text,
    added           int NOT NULL DEFAULT 0,
    changed         int NOT NULL DEFAULT 0,
    unchanged       int NOT NULL DEFAULT 0,
    removed         int NOT NULL DEFAULT 0,
    failed          int NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, vector_store_id) REFERENCES vector_stores ON DELETE CASCADE
);
CREATE INDEX sources_by_store ON sources (tenant_id, vector_store_id);
CREATE INDEX sources_due ON sources (due_at)
    WHERE status = 'active' AND run_status IS DISTINCT FROM 'running';
CALL isolate_by_tenant('sources');

CREATE TABLE source_documents (
    tenant_id     uuid NOT NULL,
    source_id     uuid NOT NULL,
    id            uuid NOT NULL,
    -- The URL, or an object's key.
    key           text COLLATE "C" NOT NULL CHECK (octet_length(key) BETWEEN 1 AND 2048),
    -- The run that last had it in its listing, and the run that last looked at it.
    listed_run    bigint NOT NULL,
    checked_run   bigint NOT NULL DEFAULT 0,
    -- What the listing says of its content: an object's ETag.
    version       text,
    -- Of the content that became the newest file, as its server said.
    etag          text,
    last_modified text,
    sha256        bytea CHECK (length(sha256) = 32),
    -- What searches find, and what takes its place once it is indexed. NULL when somebody deleted the file.
    file_id       uuid,
    next_file_id  uuid,
    -- In a row: how often it was not there, and how often its server asked to come back later within this run.
    missed        int NOT NULL DEFAULT 0,
    postponed     int NOT NULL DEFAULT 0,
    error         text,
    checked_at    timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, source_id, key),
    FOREIGN KEY (tenant_id, source_id) REFERENCES sources ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, file_id) REFERENCES files ON DELETE SET NULL (file_id),
    FOREIGN KEY (tenant_id, next_file_id) REFERENCES files ON DELETE SET NULL (next_file_id)
);
CREATE INDEX source_documents_by_source ON source_documents (tenant_id, source_id, id);
CREATE INDEX source_documents_unchecked ON source_documents (tenant_id, source_id, checked_run, id);
CREATE INDEX source_documents_listed ON source_documents (tenant_id, source_id, listed_run, id);
CREATE INDEX source_documents_by_file ON source_documents (tenant_id, file_id);
CREATE INDEX source_documents_by_next_file ON source_documents (tenant_id, next_file_id);
CALL isolate_by_tenant('source_documents');

GRANT SELECT ON sources TO parley_system;
CREATE POLICY system_reads ON sources FOR SELECT TO parley_system USING (true);

-- Up to `batch` sources of any tenant that are due.
CREATE FUNCTION due_sources(batch int) RETURNS TABLE (tenant_id uuid, source_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.tenant_id, s.id FROM sources s
     WHERE s.status = 'active' AND s.run_status IS DISTINCT FROM 'running' AND s.due_at <= now()
     ORDER BY s.due_at LIMIT batch
$$;
CALL own_by_system('due_sources(int)');

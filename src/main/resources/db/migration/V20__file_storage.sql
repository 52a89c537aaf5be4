-- Files whose content is in S3, uploads in parts, and prefixes of buckets that fill vector stores.

-- Where a file's content is: s3://bucket/key, or NULL for its parts in the database. Both may be side by side.
ALTER TABLE files ADD COLUMN location text CHECK (location LIKE 's3://%');

-- Objects in S3 that no file has: not yet, because they are being written, or not any more. The object of a crashed
-- process or of a deletion that S3 refused is found here, and nowhere else.
CREATE TABLE loose_objects (
    tenant_id uuid NOT NULL REFERENCES tenants,
    location  text NOT NULL CHECK (location LIKE 's3://%'),
    -- pending: it becomes a file's before `due_at`, or is to be deleted then. doomed: it is to be deleted.
    fate      text NOT NULL CHECK (fate IN ('pending', 'doomed')),
    due_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, location)
);
CREATE INDEX loose_objects_due ON loose_objects (due_at);
CALL isolate_by_tenant('loose_objects');

-- Whoever deletes a file, a process of another release included, leaves its object to be deleted.
CREATE FUNCTION loosen_objects() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO loose_objects (tenant_id, location, fate, due_at)
    SELECT tenant_id, location, 'doomed', now() FROM gone WHERE location IS NOT NULL
    ON CONFLICT (tenant_id, location) DO UPDATE SET fate = 'doomed', due_at = excluded.due_at;
    RETURN NULL;
END
$$;
CREATE TRIGGER files_loosen_objects AFTER DELETE ON files
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION loosen_objects();

GRANT SELECT ON loose_objects TO parley_system;
CREATE POLICY system_reads ON loose_objects FOR SELECT TO parley_system USING (true);

-- Up to `batch` objects of any tenant that are to be deleted now.
CREATE FUNCTION due_objects(batch int) RETURNS TABLE (tenant_id uuid, location text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.tenant_id, o.location FROM loose_objects o WHERE o.due_at <= now() ORDER BY o.due_at LIMIT batch
$$;
CALL own_by_system('due_objects(int)');

-- OpenAI's uploads: files that come in parts, or all at once past the API into S3.
CREATE TABLE uploads (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    filename     text NOT NULL CHECK (length(filename) BETWEEN 1 AND 512),
    purpose      text NOT NULL,
    content_type text NOT NULL,
    -- As announced; the parts must come to it.
    bytes        bigint NOT NULL CHECK (bytes > 0),
    -- How long the file lives; NULL for ever.
    file_seconds bigint,
    status       text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'completed', 'cancelled', 'expired')),
    -- Where a client may put the whole content; the object is loose, and deleted some time after the upload's end.
    location     text CHECK (location LIKE 's3://%'),
    -- No foreign key: the file may be deleted.
    file_id      uuid,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK ((status = 'completed') = (file_id IS NOT NULL))
);
CREATE INDEX uploads_pending ON uploads (expires_at) WHERE status = 'pending';
CREATE INDEX uploads_over ON uploads (expires_at) WHERE status <> 'pending';
CALL isolate_by_tenant('uploads');

CREATE TABLE upload_parts (
    tenant_id uuid NOT NULL,
    id        uuid NOT NULL,
    upload_id uuid NOT NULL,
    bytes     bigint NOT NULL CHECK (bytes > 0),
    -- As a file's.
    location  text CHECK (location LIKE 's3://%'),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, upload_id) REFERENCES uploads ON DELETE CASCADE
);
CREATE INDEX upload_parts_by_upload ON upload_parts (tenant_id, upload_id);
CALL isolate_by_tenant('upload_parts');
CREATE TRIGGER upload_parts_loosen_objects AFTER DELETE ON upload_parts
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION loosen_objects();

CREATE TABLE upload_part_rows (
    tenant_id      uuid NOT NULL,
    upload_part_id uuid NOT NULL,
    part           int NOT NULL,
    data           bytea NOT NULL,
    PRIMARY KEY (tenant_id, upload_part_id, part),
    FOREIGN KEY (tenant_id, upload_part_id) REFERENCES upload_parts ON DELETE CASCADE
);
ALTER TABLE upload_part_rows ALTER COLUMN data SET STORAGE EXTERNAL;
CALL isolate_by_tenant('upload_part_rows');

GRANT SELECT ON uploads TO parley_system;
CREATE POLICY system_reads ON uploads FOR SELECT TO parley_system USING (true);

-- Up to `batch` uploads of any tenant that nobody has completed in time, and as many that were over before `old`.
CREATE FUNCTION due_uploads(old timestamptz, batch int) RETURNS TABLE (tenant_id uuid, upload_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    (SELECT u.tenant_id, u.id FROM uploads u
      WHERE u.status = 'pending' AND u.expires_at <= now() ORDER BY u.expires_at LIMIT batch)
    UNION ALL
    (SELECT u.tenant_id, u.id FROM uploads u
      WHERE u.status <> 'pending' AND u.expires_at <= old ORDER BY u.expires_at LIMIT batch)
$$;
CALL own_by_system('due_uploads(timestamptz, int)');

-- Prefixes of buckets that fill vector stores: what S3 says of an object there is done in the store.
CREATE TABLE bucket_bindings (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    vector_store_id uuid NOT NULL,
    bucket          text COLLATE "C" NOT NULL CHECK (length(bucket) BETWEEN 3 AND 63),
    prefix          text COLLATE "C" NOT NULL CHECK (length(prefix) <= 1024),
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, vector_store_id, bucket, prefix),
    FOREIGN KEY (tenant_id, vector_store_id) REFERENCES vector_stores ON DELETE CASCADE
);
CREATE INDEX bucket_bindings_by_bucket ON bucket_bindings (bucket);
CALL isolate_by_tenant('bucket_bindings');

-- What is known of each object under a bound prefix.
CREATE TABLE bound_objects (
    tenant_id    uuid NOT NULL,
    binding_id   uuid NOT NULL,
    key          text COLLATE "C" NOT NULL,
    -- Of the last event that was heeded: S3 numbers those of one key, in hexadecimal. Empty where a store does not.
    sequencer    text NOT NULL,
    -- Of the content that is a file; NULL when there is none.
    etag         text,
    -- What searches find, and what takes its place once it is indexed. NULL when its file was deleted by somebody else.
    file_id      uuid,
    next_file_id uuid,
    -- Why the object is no file.
    problem      text,
    changed_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, binding_id, key),
    FOREIGN KEY (tenant_id, binding_id) REFERENCES bucket_bindings ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, file_id) REFERENCES files ON DELETE SET NULL (file_id),
    FOREIGN KEY (tenant_id, next_file_id) REFERENCES files ON DELETE SET NULL (next_file_id)
);
CREATE INDEX bound_objects_by_file ON bound_objects (tenant_id, file_id);
CREATE INDEX bound_objects_by_next_file ON bound_objects (tenant_id, next_file_id);
CALL isolate_by_tenant('bound_objects');

GRANT SELECT ON bucket_bindings TO parley_system;
CREATE POLICY system_reads ON bucket_bindings FOR SELECT TO parley_system USING (true);

-- Whose bindings an object falls under: an event from S3 does not know.
CREATE FUNCTION bindings_of_object(bucket_name text, object_key text)
    RETURNS TABLE (tenant_id uuid, id uuid, vector_store_id uuid, prefix text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT b.tenant_id, b.id, b.vector_store_id, b.prefix FROM bucket_bindings b
     WHERE b.bucket = bucket_name AND starts_with(object_key, b.prefix)
     ORDER BY b.tenant_id, b.id
$$;
CALL own_by_system('bindings_of_object(text, text)');

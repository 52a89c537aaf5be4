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

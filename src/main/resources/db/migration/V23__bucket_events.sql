-- Sources of type s3 take the place of bindings: such a source lists what is below its prefix now and then, and hears of
-- single objects in between.

ALTER TABLE source_documents
    -- Counts the findings that were written: who looked before the last of them looks again, so the latest look stays.
    ADD COLUMN looks bigint NOT NULL DEFAULT 0,
    -- The run during which, or after which, an event last told of it: it was there, whether that run lists it or not.
    ADD COLUMN heard_run bigint NOT NULL DEFAULT 0,
    -- Whose content `etag`, `last_modified` and `sha256` are of. No foreign key: the file may be deleted.
    ADD COLUMN seen_file_id uuid;

ALTER TABLE sources
    -- Why the run's job became a dead letter, where that ended it: only such a run goes on when the job does.
    ADD COLUMN run_death text,
    -- Whether the listing was cut for want of room: what is not in it may be there all the same.
    ADD COLUMN run_full boolean NOT NULL DEFAULT false;

-- Files that take others' places once they are indexed, though the source that would have done it is gone.
CREATE TABLE orphaned_successions (
    tenant_id       uuid NOT NULL,
    vector_store_id uuid NOT NULL,
    file_id         uuid NOT NULL,
    next_file_id    uuid NOT NULL,
    PRIMARY KEY (tenant_id, next_file_id, vector_store_id),
    FOREIGN KEY (tenant_id, vector_store_id) REFERENCES vector_stores ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, file_id) REFERENCES files ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, next_file_id) REFERENCES files ON DELETE CASCADE
);
CREATE INDEX orphaned_successions_by_file ON orphaned_successions (tenant_id, file_id);
CREATE INDEX orphaned_successions_by_store ON orphaned_successions (tenant_id, vector_store_id);
CALL isolate_by_tenant('orphaned_successions');

-- What is there already, of every tenant: row-level security lets the owner of the tables through meanwhile.
ALTER TABLE sources NO FORCE ROW LEVEL SECURITY;
ALTER TABLE source_documents NO FORCE ROW LEVEL SECURITY;
ALTER TABLE bucket_bindings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE bound_objects NO FORCE ROW LEVEL SECURITY;
ALTER TABLE files NO FORCE ROW LEVEL SECURITY;

-- Of another content than the newest file's, which its owner may have deleted, is what a server said no more; the
-- file's own hash still tells whether what is fetched then is new.
UPDATE source_documents d
   SET seen_file_id = f.id, sha256 = f.sha256,
       etag = CASE WHEN d.sha256 = f.sha256 THEN d.etag END,
       last_modified = CASE WHEN d.sha256 = f.sha256 THEN d.last_modified END
  FROM files f
 WHERE f.tenant_id = d.tenant_id AND f.id = coalesce(d.next_file_id, d.file_id);

-- A source of its own for each binding, which lists at once: objects from before the binding come too. Where there is
-- no next file, nobody can tell whether the ETag is of one that was deleted: such an object is fetched once more, and
-- its hash says whether it is embedded anew.
INSERT INTO sources (tenant_id, id, vector_store_id, type, origin, every_seconds, max_documents, created_at)
SELECT b.tenant_id, b.id, b.vector_store_id, 's3', jsonb_build_object('bucket', b.bucket, 'prefix', b.prefix),
       86400, greatest(10000, (SELECT count(*) FROM bound_objects o
                                WHERE o.tenant_id = b.tenant_id AND o.binding_id = b.id)),
       b.created_at
  FROM bucket_bindings b;

INSERT INTO source_documents (tenant_id, source_id, id, key, listed_run, version, etag, file_id, next_file_id,
                              seen_file_id, sha256, error, checked_at)
SELECT o.tenant_id, o.binding_id, gen_random_uuid(), o.key, 0, o.etag,
       CASE WHEN o.next_file_id IS NOT NULL THEN o.etag END, o.file_id, o.next_file_id, f.id, f.sha256, o.problem,
       o.changed_at
  FROM bound_objects o
  LEFT JOIN files f ON f.tenant_id = o.tenant_id AND f.id = coalesce(o.next_file_id, o.file_id)
 WHERE octet_length(o.key) BETWEEN 1 AND 2048
   AND (coalesce(o.next_file_id, o.file_id) IS NOT NULL OR o.problem IS NOT NULL);

ALTER TABLE source_documents FORCE ROW LEVEL SECURITY;
ALTER TABLE sources FORCE ROW LEVEL SECURITY;
ALTER TABLE files FORCE ROW LEVEL SECURITY;

-- The release before looks into the empty tables until it is gone. A migration of the next one drops them.
DELETE FROM bucket_bindings;
ALTER TABLE bound_objects FORCE ROW LEVEL SECURITY;
ALTER TABLE bucket_bindings FORCE ROW LEVEL SECURITY;

CREATE INDEX sources_by_bucket ON sources ((origin ->> 'bucket')) WHERE type = 's3';

-- Whose sources an object falls under: an event from S3 does not know.
CREATE FUNCTION sources_of_object(bucket_name text, object_key text)
    RETURNS TABLE (tenant_id uuid, source_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.tenant_id, s.id FROM sources s
     WHERE s.type = 's3' AND s.origin ->> 'bucket' = bucket_name AND starts_with(object_key, s.origin ->> 'prefix')
       AND s.status = 'active'
     ORDER BY s.tenant_id, s.id
$$;
CALL own_by_system('sources_of_object(text, text)');

-- Up to `batch` sources of any tenant that are due, and as many whose deletion should have ended long ago.
CREATE OR REPLACE FUNCTION due_sources(batch int) RETURNS TABLE (tenant_id uuid, source_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    (SELECT s.tenant_id, s.id FROM sources s
      WHERE s.status = 'active' AND s.run_status IS DISTINCT FROM 'running' AND s.due_at <= now()
      ORDER BY s.due_at LIMIT batch)
    UNION ALL
    (SELECT s.tenant_id, s.id FROM sources s
      WHERE s.status = 'deleting' AND s.due_at <= now() ORDER BY s.due_at LIMIT batch)
$$;
CREATE INDEX sources_deleting ON sources (due_at) WHERE status = 'deleting';

-- Housekeeping: tasks that run now and then, once for all processes together.

-- When each task is due and who runs it. It belongs to no tenant, so the application reaches it through the two
-- functions below and not otherwise.
CREATE TABLE housekeeping (
    task        text PRIMARY KEY,
    due_at      timestamptz NOT NULL,
    started_at  timestamptz NOT NULL,
    lease_token uuid,
    lease_until timestamptz,
    -- Since the last run that went well.
    failures    int NOT NULL DEFAULT 0,
    CHECK ((lease_token IS NULL) = (lease_until IS NULL))
);
ALTER TABLE housekeeping ENABLE ROW LEVEL SECURITY;
ALTER TABLE housekeeping FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON housekeeping TO parley_system;
CREATE POLICY system_keeps_house ON housekeeping TO parley_system USING (true);

-- Takes those of these tasks that are due, for as long as the lease. A run whose process died is due when its lease
-- ends. What is not due is only read: every process asks this all the time.
CREATE FUNCTION claim_housekeeping(tasks text[], every_millis bigint[], lease interval)
    RETURNS TABLE (task text, token uuid)
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO housekeeping AS h (task, due_at, started_at, lease_token, lease_until)
    SELECT asked.task, now() + make_interval(secs => asked.millis / 1000.0), now(), gen_random_uuid(), now() + lease
      FROM unnest(tasks, every_millis) asked (task, millis)
      LEFT JOIN housekeeping known ON known.task = asked.task
     WHERE known.task IS NULL
        OR coalesce(known.lease_until, known.due_at) <= now()
     -- In one order, so that two processes do not wait for each other.
     ORDER BY asked.task
    ON CONFLICT (task) DO UPDATE SET
        due_at = excluded.due_at, started_at = excluded.started_at,
        lease_token = excluded.lease_token, lease_until = excluded.lease_until
     WHERE coalesce(h.lease_until, h.due_at) <= now()
    RETURNING h.task, h.lease_token
$$;
CALL own_by_system('claim_housekeeping(text[], bigint[], interval)');

-- Ends a run, if it still holds its lease. `again`: due at once, because more is left.
CREATE FUNCTION end_housekeeping(ended text, token uuid, again boolean, failed boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE housekeeping SET
        lease_token = NULL, lease_until = NULL,
        due_at = CASE WHEN again THEN now() ELSE due_at END,
        failures = CASE WHEN failed THEN failures + 1 ELSE 0 END
     WHERE task = ended AND lease_token = token
$$;
CALL own_by_system('end_housekeeping(text, uuid, boolean, boolean)');

-- What has expired is deleted by housekeeping. Few files expire at all, so few are in these indexes; the second one
-- tells a search what not to find until then.
CREATE INDEX files_expiring ON files (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX files_expiring_by_tenant ON files (tenant_id, expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX vector_stores_expiring ON vector_stores (expires_after_days, last_active_at)
    WHERE expires_after_days IS NOT NULL;

GRANT SELECT ON files, vector_stores, vector_store_files TO parley_system;
CREATE POLICY system_reads ON files FOR SELECT TO parley_system USING (true);
CREATE POLICY system_reads ON vector_stores FOR SELECT TO parley_system USING (true);
CREATE POLICY system_reads ON vector_store_files FOR SELECT TO parley_system USING (true);

-- Up to `batch` files of any tenant whose time is over.
CREATE FUNCTION expired_files(batch int) RETURNS TABLE (tenant_id uuid, file_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT f.tenant_id, f.id FROM files f WHERE f.expires_at <= now() ORDER BY f.expires_at LIMIT batch
$$;
CALL own_by_system('expired_files(int)');

-- Up to `batch` files in expired vector stores of any tenant; one without files comes once, without a file. A store
-- that was in use as it expired is left alone for a minute.
--
-- How long a store lives is counted from its last use, so its end is in no index: each possible life is looked up.
CREATE FUNCTION expired_vector_stores(batch int)
    RETURNS TABLE (tenant_id uuid, vector_store_id uuid, file_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.tenant_id, s.id, a.file_id
      FROM generate_series(1, 365) life (days)
     CROSS JOIN LATERAL (
        SELECT v.tenant_id, v.id FROM vector_stores v
         WHERE v.expires_after_days = life.days
           AND v.last_active_at <= now() - interval '1 minute' - life.days * interval '24 hours'
         ORDER BY v.last_active_at LIMIT batch) s
      LEFT JOIN LATERAL (
        SELECT f.file_id FROM vector_store_files f
         WHERE f.tenant_id = s.tenant_id AND f.vector_store_id = s.id LIMIT batch) a ON true
     LIMIT batch
$$;
CALL own_by_system('expired_vector_stores(int)');

-- Jobs of a suspended tenant leave the index that claims read, so however many there are they cost a claim nothing.
ALTER TABLE jobs ADD COLUMN suspended boolean NOT NULL DEFAULT false;

SET LOCAL ROLE parley_system;
UPDATE jobs SET suspended = true
 WHERE tenant_id IN (SELECT t.tenant_id FROM tenants t WHERE t.status = 'suspended');
RESET ROLE;

CREATE INDEX jobs_claimable ON jobs (turn, id) WHERE status = 'ready' AND NOT suspended;
DROP INDEX jobs_ready;

CREATE FUNCTION suspend_jobs() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE jobs SET suspended = (NEW.status = 'suspended') WHERE tenant_id = NEW.tenant_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER tenants_suspend_jobs AFTER UPDATE OF status ON tenants
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION suspend_jobs();

-- Locks the tenant against a change of its status: whichever comes second, this job or that change, sees the first.
CREATE FUNCTION suspend_new_job() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    SELECT t.status = 'suspended' INTO NEW.suspended FROM tenants t WHERE t.tenant_id = NEW.tenant_id FOR SHARE;
    -- Without a tenant the foreign key has its say.
    NEW.suspended := coalesce(NEW.suspended, false);
    RETURN NEW;
END
$$;
CREATE TRIGGER jobs_suspend_new BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION suspend_new_job();

CREATE OR REPLACE FUNCTION claim_jobs(kinds text[], batch int, lease interval)
    RETURNS SETOF jobs
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    WITH expired AS MATERIALIZED (
        SELECT tenant_id, id FROM jobs
         WHERE status = 'running' AND lease_until < now()
         ORDER BY lease_until LIMIT 100 FOR UPDATE SKIP LOCKED)
    UPDATE jobs SET status = 'ready', lease_token = NULL, lease_until = NULL, updated_at = now()
      FROM expired WHERE jobs.tenant_id = expired.tenant_id AND jobs.id = expired.id;

    RETURN QUERY
    -- Materialised: a subquery that the planner runs twice would lock more than `batch`.
    WITH next AS MATERIALIZED (
        SELECT j.tenant_id, j.id FROM jobs j
         WHERE j.status = 'ready' AND NOT j.suspended AND j.run_at <= now() AND j.kind = ANY (kinds)
         ORDER BY j.turn, j.id LIMIT batch FOR UPDATE SKIP LOCKED)
    UPDATE jobs SET
        status = 'running', attempts = attempts + 1,
        lease_token = gen_random_uuid(), lease_until = now() + lease, updated_at = now()
      FROM next WHERE jobs.tenant_id = next.tenant_id AND jobs.id = next.id
    RETURNING jobs.*;
END
$$;

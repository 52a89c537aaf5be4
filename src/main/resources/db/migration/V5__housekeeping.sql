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

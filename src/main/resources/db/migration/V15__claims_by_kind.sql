-- Jobs are claimed by kind: however many of one kind wait, they cost a claim of another nothing.

DROP INDEX jobs_claimable;
CREATE INDEX jobs_claimable ON jobs (kind, turn, id) WHERE status = 'ready' AND NOT suspended;
DROP INDEX jobs_turns;
CREATE INDEX jobs_turns ON jobs (tenant_id, kind, turn) WHERE status = 'ready';

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
    -- Materialised: a subquery that the planner runs twice would lock more. What is locked of other kinds and not
    -- taken is free again with this statement's end.
    WITH next AS MATERIALIZED (
        SELECT j.tenant_id, j.id
          FROM unnest(kinds) AS wanted (kind)
         CROSS JOIN LATERAL (
            SELECT r.tenant_id, r.id, r.turn FROM jobs r
             WHERE r.status = 'ready' AND NOT r.suspended AND r.run_at <= now() AND r.kind = wanted.kind
             ORDER BY r.turn, r.id LIMIT batch FOR UPDATE SKIP LOCKED) j
         ORDER BY j.turn, j.id LIMIT batch)
    UPDATE jobs SET
        status = 'running', attempts = attempts + 1,
        lease_token = gen_random_uuid(), lease_until = now() + lease, updated_at = now()
      FROM next WHERE jobs.tenant_id = next.tenant_id AND jobs.id = next.id
    RETURNING jobs.*;
END
$$;

-- The job queue: Postgres keeps state, retries and dead letters. A job carries no payload: what it needs are its
-- feature's own rows, found by its subject.

CREATE TABLE jobs (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    kind         text NOT NULL,
    -- What the job works on; one job per kind and subject, so queueing twice does no harm.
    subject      text NOT NULL,
    status       text NOT NULL DEFAULT 'ready' CHECK (status IN ('ready', 'running', 'dead')),
    -- Claims since the last commit of its handler: each stage of a job has all attempts.
    attempts     int NOT NULL DEFAULT 0,
    run_at       timestamptz NOT NULL DEFAULT now(),
    -- The order of claims, not a time to wait for. A tenant's jobs stand a second apart, so the thousandth job of one
    -- tenant is behind the first job of another that comes minutes later, and nothing waits for ever.
    turn         timestamptz NOT NULL DEFAULT now(),
    lease_token  uuid,
    lease_until  timestamptz,
    -- Where the last attempt failed and why, in words for a person.
    stage        text,
    reason       text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, subject),
    CHECK ((status = 'running') = (lease_token IS NOT NULL AND lease_until IS NOT NULL))
);
CREATE INDEX jobs_ready ON jobs (turn, id) WHERE status = 'ready';
CREATE INDEX jobs_turns ON jobs (tenant_id, turn) WHERE status = 'ready';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE status = 'running';
CREATE INDEX jobs_dead ON jobs (tenant_id, id) WHERE status = 'dead';
CALL isolate_by_tenant('jobs');

GRANT SELECT, UPDATE ON jobs TO parley_system;
CREATE POLICY system_claims ON jobs TO parley_system USING (true);

-- Takes up to `batch` jobs of these kinds whose turn it is, each with its own lease token. A job whose lease has run
-- out is ready again; whether it has attempts left is for the worker to say, which also tells the job's feature.
-- Jobs of a suspended tenant wait.
CREATE FUNCTION claim_jobs(kinds text[], batch int, lease interval)
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
         WHERE j.status = 'ready' AND j.run_at <= now() AND j.kind = ANY (kinds)
           AND EXISTS (SELECT FROM tenants t WHERE t.tenant_id = j.tenant_id AND t.status = 'active')
         ORDER BY j.turn, j.id LIMIT batch FOR UPDATE OF j SKIP LOCKED)
    UPDATE jobs SET
        status = 'running', attempts = attempts + 1,
        lease_token = gen_random_uuid(), lease_until = now() + lease, updated_at = now()
      FROM next WHERE jobs.tenant_id = next.tenant_id AND jobs.id = next.id
    RETURNING jobs.*;
END
$$;
CALL own_by_system('claim_jobs(text[], int, interval)');

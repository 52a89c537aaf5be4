-- The job queue: Postgres keeps state, retries and dead letters.

CREATE TABLE jobs (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    kind         text NOT NULL,
    -- What the job works on; one live job per kind and subject, so queueing twice does no harm.
    subject      text NOT NULL,
    payload      jsonb NOT NULL DEFAULT '{}',
    status       text NOT NULL DEFAULT 'ready' CHECK (status IN ('ready', 'running', 'dead')),
    priority     smallint NOT NULL DEFAULT 0,
    attempts     int NOT NULL DEFAULT 0,
    max_attempts int NOT NULL DEFAULT 5 CHECK (max_attempts > 0),
    run_at       timestamptz NOT NULL DEFAULT now(),
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
CREATE INDEX jobs_ready ON jobs (priority, run_at, id) WHERE status = 'ready';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE status = 'running';
CREATE INDEX jobs_dead ON jobs (tenant_id, id) WHERE status = 'dead';
CALL isolate_by_tenant('jobs');

GRANT SELECT, UPDATE ON jobs TO parley_system;
CREATE POLICY system_claims ON jobs TO parley_system USING (true);
GRANT SELECT ON tenants TO parley_system;

-- Takes up to `batch` ready jobs, oldest first within a priority, each with its own lease token. A job whose lease
-- has run out is ready again, or dead once its attempts are used up.
CREATE FUNCTION claim_jobs(batch int, lease interval)
    RETURNS SETOF jobs
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE jobs SET
        status = CASE WHEN attempts >= max_attempts THEN 'dead' ELSE 'ready' END,
        reason = coalesce(reason, 'The worker stopped before the job was done'),
        lease_token = NULL, lease_until = NULL, updated_at = now()
     WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM jobs WHERE status = 'running' AND lease_until < now()
         ORDER BY lease_until LIMIT 100 FOR UPDATE SKIP LOCKED);

    RETURN QUERY
    UPDATE jobs SET
        status = 'running', attempts = attempts + 1,
        lease_token = gen_random_uuid(), lease_until = now() + lease, updated_at = now()
     WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM jobs WHERE status = 'ready' AND run_at <= now()
         ORDER BY priority, run_at, id LIMIT batch FOR UPDATE SKIP LOCKED)
    RETURNING *;
END
$$;
CALL own_by_system('claim_jobs(int, interval)');

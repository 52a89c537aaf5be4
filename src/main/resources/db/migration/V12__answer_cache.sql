-- Answers to exactly the same prompt, for turns that ask for it. Content passes the content codec.
CREATE TABLE cached_answers (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    -- SHA-256 of model, prompt and parameters; passages are part of the prompt, and so the knowledge's version is.
    key        bytea NOT NULL CHECK (length(key) = 32),
    answer     bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key)
);
CREATE INDEX cached_answers_expiring ON cached_answers (expires_at);
CALL isolate_by_tenant('cached_answers');

GRANT SELECT, DELETE ON cached_answers TO parley_system;
CREATE POLICY system_expires ON cached_answers TO parley_system USING (true);

-- Deletes at most so many that have expired, and returns how many it deleted.
CREATE FUNCTION expire_cached_answers(most int) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM cached_answers c USING (
            SELECT tenant_id, key FROM cached_answers WHERE expires_at < now() ORDER BY expires_at LIMIT most) old
         WHERE c.tenant_id = old.tenant_id AND c.key = old.key RETURNING 1)
    SELECT count(*) FROM gone
$$;
CALL own_by_system('expire_cached_answers(int)');

-- Calls of server-side tools: what a model or a client asked for, who allowed it, and what became of it. A call with
-- effects is on record before it runs, under an id that its tool gets as an idempotency key.

ALTER TABLE turns DROP CONSTRAINT turns_kind_check;
ALTER TABLE turns ADD CONSTRAINT turns_kind_check
    CHECK (kind IN ('chat_completion', 'response', 'embedding', 'tool_call')) NOT VALID;
ALTER TABLE turns VALIDATE CONSTRAINT turns_kind_check;

CREATE TABLE tool_calls (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    -- The effect id; also the id that the model's call has in prompts and answers.
    id         uuid NOT NULL,
    -- The turn that asked: a call by the API is a turn of its own.
    turn_id    uuid NOT NULL,
    -- How often the turn's model had been asked when it asked for this.
    round      smallint NOT NULL DEFAULT 0,
    -- For whom, as the turn has it: turns are forgotten earlier.
    key_id     uuid,
    user_id    text,
    tool       text NOT NULL,
    effects    boolean NOT NULL,
    arguments  bytea NOT NULL,
    -- SHA-256 of tool and arguments: the same call again, or another under the same key.
    digest     bytea NOT NULL CHECK (length(digest) = 32),
    status     text NOT NULL CHECK (status IN
                   ('awaiting_approval', 'approved', 'denied', 'running', 'completed', 'failed', 'in_doubt')),
    -- What the model reads; NULL until there is something.
    result     bytea,
    -- When a running call is surely over: what has no result then is in doubt.
    deadline   timestamptz,
    -- The turn that ran it after it was approved.
    resumed_by uuid,
    decided_by uuid,
    decided_at timestamptz,
    reason     text,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((status = 'running') <= (deadline IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX tool_calls_turn ON tool_calls (tenant_id, turn_id);
CREATE INDEX tool_calls_resumed ON tool_calls (tenant_id, resumed_by) WHERE resumed_by IS NOT NULL;
-- What somebody has to look at: few of very many.
CREATE INDEX tool_calls_open ON tool_calls (tenant_id, status, id)
    WHERE status IN ('awaiting_approval', 'running', 'in_doubt');
CREATE INDEX tool_calls_overdue ON tool_calls (deadline) WHERE status = 'running';
CREATE INDEX tool_calls_created ON tool_calls USING brin (created_at);
CALL isolate_by_tenant('tool_calls');

GRANT SELECT, DELETE ON tool_calls TO parley_system;
CREATE POLICY system_keeps_house ON tool_calls TO parley_system USING (true);

-- Puts the calls of a turn on record for its owner: begun, cancelled (nothing is recorded: the owner should stop), or
-- lost (nothing is recorded: another owns the turn, or it has ended). The row of the turn is locked until this commits,
-- so no call is begun of a turn that is settled or reaped meanwhile.
CREATE FUNCTION begin_tool_calls(p_tenant uuid, p_turn uuid, p_token uuid, p_calls jsonb, p_arguments bytea[],
                                 p_results bytea[]) RETURNS text
    LANGUAGE plpgsql SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    owner record;
BEGIN
    PERFORM set_config('parley.tenant', p_tenant::text, true);
    SELECT t.cancel_requested, t.key_id, t.user_id INTO owner FROM turns t
     WHERE t.tenant_id = p_tenant AND t.id = p_turn AND t.lease_token = p_token AND t.status = 'in_progress'
       FOR SHARE;
    IF NOT FOUND THEN
        RETURN 'lost';
    ELSIF owner.cancel_requested THEN
        RETURN 'cancelled';
    END IF;
    INSERT INTO tool_calls (tenant_id, id, turn_id, round, key_id, user_id, tool, effects, arguments, digest, status,
                            result, deadline, ended_at)
    SELECT p_tenant, c.id, p_turn, c.round, owner.key_id, owner.user_id, c.tool, c.effects, p_arguments[c.n],
           decode(c.digest, 'hex'), c.status, p_results[c.n],
           CASE WHEN c.status = 'running' THEN clock_timestamp() + c.timeout_ms * interval '1 millisecond' END,
           CASE WHEN c.status IN ('completed', 'failed') THEN clock_timestamp() END
      FROM jsonb_to_recordset(p_calls) AS c (n int, id uuid, round smallint, tool text, effects boolean, digest text,
                                             status text, timeout_ms bigint);
    RETURN 'begun';
END
$$;
REVOKE ALL ON FUNCTION begin_tool_calls(uuid, uuid, uuid, jsonb, bytea[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_tool_calls(uuid, uuid, uuid, jsonb, bytea[], bytea[]) TO parley_app;

-- Running calls of all tenants that nobody can still be running.
CREATE FUNCTION overdue_tool_calls(most int) RETURNS TABLE (tenant_id uuid, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.tenant_id, c.id FROM tool_calls c
     WHERE c.status = 'running' AND c.deadline < clock_timestamp() ORDER BY c.deadline LIMIT most
$$;
CALL own_by_system('overdue_tool_calls(int)');

-- Deletes what is over and old, a batch at a time.
CREATE FUNCTION expire_tool_calls(before timestamptz, most int) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT c.tenant_id, c.id FROM tool_calls c
         WHERE c.created_at < before AND c.status NOT IN ('running', 'in_doubt') LIMIT most),
    gone AS (
        DELETE FROM tool_calls c USING old o WHERE c.tenant_id = o.tenant_id AND c.id = o.id RETURNING 1)
    SELECT count(*) FROM gone
$$;
CALL own_by_system('expire_tool_calls(timestamptz, int)');

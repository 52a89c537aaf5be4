-- Batches: files of requests that are run line by line, when there is room for them.

CREATE TABLE batches (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    id             uuid NOT NULL,
    endpoint       text NOT NULL,
    -- No foreign key: once its lines are read the file may be deleted.
    input_file_id  uuid NOT NULL,
    -- Who pays.
    key_id         uuid NOT NULL,
    metadata       jsonb,
    -- Of all lines; NULL when they name several.
    model          text,
    status         text NOT NULL DEFAULT 'validating' CHECK (status IN
                      ('validating', 'failed', 'in_progress', 'finalizing', 'completed', 'expired', 'cancelling',
                       'cancelled')),
    -- What is wrong with the input file.
    errors         jsonb,
    total          int NOT NULL DEFAULT 0,
    -- Kept with every line that ends, so that progress needs no count.
    completed      int NOT NULL DEFAULT 0,
    failed         int NOT NULL DEFAULT 0,
    input_tokens   bigint NOT NULL DEFAULT 0,
    cached_tokens  bigint NOT NULL DEFAULT 0,
    output_tokens  bigint NOT NULL DEFAULT 0,
    reasoning_tokens bigint NOT NULL DEFAULT 0,
    -- Named when they are about to be written, so that they are written once; shown when the batch is over.
    output_file_id uuid,
    error_file_id  uuid,
    -- How long those live; NULL for ever.
    output_seconds int,
    -- No line is started before it: a rate or a budget has no room.
    paused_until   timestamptz,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    in_progress_at timestamptz,
    finalizing_at  timestamptz,
    cancelling_at  timestamptz,
    -- When it was over, in whatever way.
    ended_at       timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CALL isolate_by_tenant('batches');

CREATE TABLE batch_lines (
    tenant_id   uuid NOT NULL,
    batch_id    uuid NOT NULL,
    -- In the input file, from 1.
    line        int NOT NULL,
    id          uuid NOT NULL,
    custom_id   text NOT NULL,
    status      text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'completed', 'failed')),
    -- Not before it, and in its order: what was put off goes last.
    run_at      timestamptz NOT NULL,
    -- How many times a provider was asked in vain.
    attempts    int NOT NULL DEFAULT 0,
    -- Who runs it, and until when that counts as alive.
    worker      uuid,
    lease_until timestamptz,
    turn_id     uuid,
    status_code int,
    -- Both pass the content codec, and both are gone once the batch's files are written.
    request     bytea,
    result      bytea,
    PRIMARY KEY (tenant_id, batch_id, line),
    FOREIGN KEY (tenant_id, batch_id) REFERENCES batches ON DELETE CASCADE,
    CHECK ((status = 'running') = (worker IS NOT NULL AND lease_until IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX batch_lines_waiting ON batch_lines (tenant_id, batch_id, run_at, line) WHERE status = 'waiting';
CREATE INDEX batch_lines_running ON batch_lines (tenant_id, batch_id, lease_until) WHERE status = 'running';
CALL isolate_by_tenant('batch_lines');

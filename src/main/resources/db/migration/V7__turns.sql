-- Turns: what may be spent, what is reserved, what was spent, and what was said while it ran.
--
-- One lock order for every writer: idempotency keys, conversations, turns, rate buckets, budget periods; within one
-- of them by key.

-- Idempotency keys. A claim names the turn whose outcome a retry gets, or, for a request that is no turn, holds the
-- answer itself, written in the transaction of its effect.
CREATE TABLE idempotency_keys (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    -- Whose key it is: two callers may use the same one.
    caller       text NOT NULL,
    key          text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
    turn_id      uuid,
    answer       bytea,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, caller, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys USING brin (created_at);
-- A settlement that frees its key finds it by its turn.
CREATE INDEX idempotency_keys_turn ON idempotency_keys (tenant_id, turn_id) WHERE turn_id IS NOT NULL;
CALL isolate_by_tenant('idempotency_keys');

-- How fast: token buckets that hold a minute's worth.
CREATE TABLE rate_limits (
    tenant_id           uuid NOT NULL REFERENCES tenants,
    id                  uuid NOT NULL,
    scope               text NOT NULL CHECK (scope IN ('tenant', 'user', 'key', 'model')),
    -- Which one of the scope; NULL for each one, counted for itself.
    subject             text CHECK (scope <> 'tenant' OR subject IS NULL),
    requests_per_minute bigint CHECK (requests_per_minute > 0),
    tokens_per_minute   bigint CHECK (tokens_per_minute > 0),
    created_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE NULLS NOT DISTINCT (tenant_id, scope, subject),
    CHECK (requests_per_minute IS NOT NULL OR tokens_per_minute IS NOT NULL)
);
CALL isolate_by_tenant('rate_limits');

CREATE TABLE rate_buckets (
    tenant_id     uuid NOT NULL,
    rate_limit_id uuid NOT NULL,
    subject       text NOT NULL,
    -- How full it was at `refilled_at`; NULL where the limit has no such side.
    requests      double precision,
    tokens        double precision,
    refilled_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, rate_limit_id, subject),
    FOREIGN KEY (tenant_id, rate_limit_id) REFERENCES rate_limits ON DELETE CASCADE
) WITH (fillfactor = 50);
CALL isolate_by_tenant('rate_buckets');

-- How much: a budget counts what is admitted after it was made, in UTC days or months.
CREATE TABLE budgets (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    scope        text NOT NULL CHECK (scope IN ('tenant', 'user', 'key', 'model')),
    subject      text CHECK (scope <> 'tenant' OR subject IS NULL),
    period       text NOT NULL CHECK (period IN ('day', 'month')),
    limit_micros bigint CHECK (limit_micros >= 0),
    limit_tokens bigint CHECK (limit_tokens >= 0),
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE NULLS NOT DISTINCT (tenant_id, scope, subject, period),
    CHECK (limit_micros IS NOT NULL OR limit_tokens IS NOT NULL)
);
CALL isolate_by_tenant('budgets');

CREATE TABLE budget_periods (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL DEFAULT gen_random_uuid(),
    budget_id       uuid NOT NULL,
    subject         text NOT NULL,
    starts_on       date NOT NULL,
    reserved_micros bigint NOT NULL DEFAULT 0 CHECK (reserved_micros >= 0),
    reserved_tokens bigint NOT NULL DEFAULT 0 CHECK (reserved_tokens >= 0),
    spent_micros    bigint NOT NULL DEFAULT 0,
    spent_tokens    bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, budget_id, subject, starts_on),
    FOREIGN KEY (tenant_id, budget_id) REFERENCES budgets ON DELETE CASCADE
) WITH (fillfactor = 50);
CALL isolate_by_tenant('budget_periods');

-- A turn: one admitted piece of paid work, from its reservation to its settlement. Content passes the content codec.
CREATE TABLE turns (
    tenant_id        uuid NOT NULL REFERENCES tenants,
    id               uuid NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('chat_completion', 'response', 'embedding')),
    -- Who pays; a tenant's own work (ingestion) has neither.
    key_id           uuid,
    user_id          text,
    model            text NOT NULL,
    status           text NOT NULL CHECK (status IN
                        ('queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled')),
    -- Who may change it. It stays when the turn ends, so that a repeated settlement is known as one; a reaped turn
    -- has none, so that a late one is known as such.
    lease_token      uuid,
    lease_until      timestamptz,
    -- The model of every attempt, written before its provider call. None: nobody was asked, nothing is owed.
    attempted        text[] NOT NULL DEFAULT '{}',
    cancel_requested boolean NOT NULL DEFAULT false,
    -- What is reserved, and when it has ended, what was booked.
    micros           bigint NOT NULL CHECK (micros >= 0),
    tokens           bigint NOT NULL CHECK (tokens >= 0),
    -- What its token buckets were charged when it was admitted; what it tops up later is charged when it ends.
    charged_tokens   bigint NOT NULL,
    -- The budget periods it is reserved in.
    periods          uuid[] NOT NULL DEFAULT '{}',
    conversation_id  uuid,
    previous_id      uuid,
    background       boolean NOT NULL DEFAULT false,
    -- Whether it can be fetched by its id.
    stored           boolean NOT NULL DEFAULT false,
    request          bytea,
    answer           bytea,
    -- Event numbers below it are leased: each has at most one content, for good.
    leased_sequence  bigint NOT NULL DEFAULT 1024,
    created_at       timestamptz NOT NULL DEFAULT now(),
    ended_at         timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((status = 'in_progress') <= (lease_until IS NOT NULL))
) WITH (fillfactor = 70);
CREATE INDEX turns_leased ON turns (lease_until) WHERE status = 'in_progress';
CREATE INDEX turns_created ON turns USING brin (created_at);
CALL isolate_by_tenant('turns');

-- When a turn was admitted, in Unix milliseconds: its id is a UUIDv7.
CREATE FUNCTION turn_millis(turn uuid) RETURNS bigint
    LANGUAGE sql IMMUTABLE AS $$
    SELECT ('x' || substr(replace(turn::text, '-', ''), 1, 12))::bit(48)::bigint
$$;

-- The events of streamed turns, one row per flush. A ring of days: the oldest is emptied whole (`expire_turn_events`),
-- and a turn's events are all in the slot of its first day.
CREATE FUNCTION turn_slot(turn uuid) RETURNS smallint
    LANGUAGE sql IMMUTABLE AS $$
    SELECT (turn_millis(turn) / 86400000 % 8)::smallint
$$;

CREATE TABLE turn_events (
    tenant_id      uuid NOT NULL,
    slot           smallint NOT NULL,
    turn_id        uuid NOT NULL,
    first_sequence bigint NOT NULL,
    -- One past the last.
    next_sequence  bigint NOT NULL,
    events         bytea NOT NULL,
    PRIMARY KEY (tenant_id, slot, turn_id, first_sequence),
    CHECK (next_sequence > first_sequence)
) PARTITION BY LIST (slot);
CALL isolate_by_tenant('turn_events');
DO $$
BEGIN
    FOR slot IN 0 .. 7 LOOP
        EXECUTE format('CREATE TABLE turn_events_%s PARTITION OF turn_events FOR VALUES IN (%s)', slot, slot);
        CALL isolate_by_tenant(format('turn_events_%s', slot)::regclass);
        EXECUTE format('GRANT SELECT, TRUNCATE ON turn_events_%s TO parley_system', slot);
        EXECUTE format('CREATE POLICY system_expires ON turn_events_%s TO parley_system USING (true)', slot);
    END LOOP;
END
$$;

-- Empties the days of the ring that are older than `keep_days` (1 to 5) and returns how many it emptied.
CREATE FUNCTION expire_turn_events(keep_days int) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
    today   int := extract(epoch FROM now())::bigint / 86400 % 8;
    emptied int := 0;
    used    boolean;
BEGIN
    -- Tomorrow's slot is left alone, for clocks differ, and yesterday's, whose turns may still run.
    FOR age IN greatest(1, least(keep_days, 5)) + 1 .. 6 LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM turn_events_%s)', (today - age + 8) % 8) INTO used;
        IF used THEN
            EXECUTE format('TRUNCATE turn_events_%s', (today - age + 8) % 8);
            emptied := emptied + 1;
        END IF;
    END LOOP;
    RETURN emptied;
END
$$;
CALL own_by_system('expire_turn_events(int)');

-- Appends a flush of the turn's owner and leases event numbers below `p_lease`: flushed, cancelled (flushed too, and
-- the owner should stop), or lost (not flushed: another owns the turn, or it has ended).
CREATE FUNCTION flush_events(p_tenant uuid, p_turn uuid, p_token uuid, p_first bigint, p_next bigint, p_lease bigint,
                             p_events bytea) RETURNS text
    LANGUAGE plpgsql SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    held record;
BEGIN
    PERFORM set_config('parley.tenant', p_tenant::text, true);
    SELECT t.cancel_requested, t.leased_sequence INTO held FROM turns t
     WHERE t.tenant_id = p_tenant AND t.id = p_turn AND t.lease_token = p_token AND t.status = 'in_progress'
       FOR SHARE;
    IF NOT FOUND THEN
        RETURN 'lost';
    END IF;
    IF p_lease > held.leased_sequence THEN
        UPDATE turns t SET leased_sequence = p_lease WHERE t.tenant_id = p_tenant AND t.id = p_turn;
    END IF;
    IF p_next > p_first THEN
        -- A flush whose answer was lost is sent again, with what has come since.
        INSERT INTO turn_events AS e (tenant_id, slot, turn_id, first_sequence, next_sequence, events)
        VALUES (p_tenant, turn_slot(p_turn), p_turn, p_first, p_next, p_events)
        ON CONFLICT (tenant_id, slot, turn_id, first_sequence) DO UPDATE
           SET next_sequence = excluded.next_sequence, events = excluded.events
         WHERE e.next_sequence < excluded.next_sequence;
    END IF;
    RETURN CASE WHEN held.cancel_requested THEN 'cancelled' ELSE 'flushed' END;
END
$$;

-- What was spent, for good: one line per model that was paid in a turn. Line -1 corrects an estimate. A turn's id
-- holds its time, so a range of time is a range of the key.
CREATE TABLE ledger (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    turn_id       uuid NOT NULL,
    line          smallint NOT NULL,
    key_id        uuid,
    user_id       text,
    model         text NOT NULL,
    provider      text NOT NULL,
    input_tokens  bigint NOT NULL,
    cached_tokens bigint NOT NULL DEFAULT 0,
    output_tokens bigint NOT NULL,
    cost_micros   bigint NOT NULL,
    estimated     boolean NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, turn_id, line)
);
CALL isolate_by_tenant('ledger');

ALTER TABLE conversations ADD COLUMN active_turn uuid;

-- Whom a limit of this scope counts; NULL when the scope does not apply.
CREATE FUNCTION limit_subject(scope text, user_id text, key_id uuid, model text) RETURNS text
    LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE scope WHEN 'tenant' THEN '' WHEN 'user' THEN user_id WHEN 'key' THEN key_id::text
                      WHEN 'model' THEN model END
$$;

CREATE TYPE admission AS (
    n int, id uuid, kind text, caller text, key_id uuid, user_id text, model text,
    idempotency_key text, request_hash text, conversation_id uuid, previous_id uuid,
    background boolean, stored boolean, micros bigint, tokens bigint, token uuid, lease_ms bigint);

-- Decides the admissions of one tenant together, each with a verdict of its own, in the order given:
--   admitted, repeated (the key was used: `turn_id` has the outcome), key_reused (for another request),
--   conversation_missing, conversation_locked, rate (wait `retry_after_ms`; NULL: it can never pass), budget.
-- What is refused leaves nothing behind. `n` counts from 1; no idempotency key or conversation may occur twice.
CREATE FUNCTION admit(p_tenant uuid, p_admissions jsonb, p_requests bytea[])
    RETURNS TABLE (n int, verdict text, turn_id uuid, limit_id uuid, retry_after_ms bigint,
                   limit_requests bigint, remaining_requests bigint, reset_requests_ms bigint,
                   limit_tokens bigint, remaining_tokens bigint, reset_tokens_ms bigint)
    LANGUAGE plpgsql SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
#variable_conflict use_column
DECLARE
    admissions admission[];
    a          admission;
    held       record;
    moment     timestamptz;
    wait       float8;
    longest    float8;
    active     uuid[] := '{}';
    -- Verdicts by n.
    v_verdict text[];  v_turn uuid[];  v_limit uuid[];  v_wait bigint[];  v_periods text[];
    -- Buckets and periods as they become while the group is decided.
    b_id uuid[] := '{}';  b_scope text[] := '{}';  b_subject text[] := '{}';
    b_rpm float8[] := '{}';  b_tpm float8[] := '{}';  b_requests float8[] := '{}';  b_tokens float8[] := '{}';
    b_refilled timestamptz[] := '{}';
    p_id uuid[] := '{}';  p_budget uuid[] := '{}';  p_scope text[] := '{}';  p_subject text[] := '{}';
    p_left_micros bigint[] := '{}';  p_left_tokens bigint[] := '{}';
    p_more_micros bigint[] := '{}';  p_more_tokens bigint[] := '{}';
    mine uuid[];
BEGIN
    PERFORM set_config('parley.tenant', p_tenant::text, true);
    SELECT array_agg(x ORDER BY x.n) INTO admissions FROM jsonb_populate_recordset(NULL::admission, p_admissions) x;
    v_verdict := array_fill('admitted'::text, ARRAY[cardinality(admissions)]);
    v_turn := array_fill(NULL::uuid, ARRAY[cardinality(admissions)]);
    v_limit := v_turn;
    v_wait := array_fill(NULL::bigint, ARRAY[cardinality(admissions)]);
    v_periods := array_fill('{}'::text, ARRAY[cardinality(admissions)]);

    -- 1. Idempotency keys.
    FOR a IN SELECT x.* FROM unnest(admissions) x WHERE x.idempotency_key IS NOT NULL
             ORDER BY x.caller, x.idempotency_key
    LOOP
        LOOP
            INSERT INTO idempotency_keys AS k (tenant_id, caller, key, request_hash, turn_id)
            VALUES (p_tenant, a.caller, a.idempotency_key, decode(a.request_hash, 'hex'), a.id)
            ON CONFLICT (tenant_id, caller, key) DO UPDATE SET
                request_hash = excluded.request_hash, turn_id = excluded.turn_id, answer = NULL, created_at = now()
             WHERE k.created_at < now() - interval '24 hours';
            EXIT WHEN FOUND;
            SELECT k.turn_id, k.request_hash INTO held FROM idempotency_keys k
             WHERE k.tenant_id = p_tenant AND k.caller = a.caller AND k.key = a.idempotency_key;
            IF FOUND THEN
                v_verdict[a.n] := CASE WHEN held.request_hash = decode(a.request_hash, 'hex')
                                       THEN 'repeated' ELSE 'key_reused' END;
                v_turn[a.n] := held.turn_id;
                EXIT;
            END IF;
        END LOOP;
    END LOOP;

    -- 2. Conversations. A turn whose lease has run out loses the conversation, and with it the right to settle.
    FOR a IN SELECT x.* FROM unnest(admissions) x
              WHERE x.conversation_id IS NOT NULL AND v_verdict[x.n] = 'admitted' ORDER BY x.conversation_id
    LOOP
        SELECT c.active_turn INTO held FROM conversations c
         WHERE c.tenant_id = p_tenant AND c.id = a.conversation_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            v_verdict[a.n] := 'conversation_missing';
        ELSIF held.active_turn IS NOT NULL THEN
            active := active || held.active_turn;
            v_turn[a.n] := held.active_turn;
        END IF;
    END LOOP;
    IF cardinality(active) > 0 THEN
        PERFORM FROM turns t WHERE t.tenant_id = p_tenant AND t.id = ANY (active)
            AND t.status = 'in_progress' AND t.lease_until < clock_timestamp() ORDER BY t.id FOR NO KEY UPDATE;
        UPDATE turns t SET lease_token = NULL WHERE t.tenant_id = p_tenant AND t.id = ANY (active)
            AND t.status = 'in_progress' AND t.lease_until < clock_timestamp();
        FOREACH a IN ARRAY admissions LOOP
            CONTINUE WHEN v_turn[a.n] IS NULL OR v_verdict[a.n] <> 'admitted';
            IF EXISTS (SELECT FROM turns t WHERE t.tenant_id = p_tenant AND t.id = v_turn[a.n]
                          AND (t.status = 'queued' OR (t.status = 'in_progress' AND t.lease_token IS NOT NULL))) THEN
                v_verdict[a.n] := 'conversation_locked';
            END IF;
            v_turn[a.n] := NULL;
        END LOOP;
    END IF;

    -- 3. Rate buckets, filled up to now. OFFSET 0 and DISTINCT keep `limit_subject` out of what is compared with the
    -- tables' subjects: it is not leakproof, so row-level security would keep the comparison out of the index. Nor is date_trunc.
    IF EXISTS (SELECT FROM rate_limits l WHERE l.tenant_id = p_tenant) THEN
        INSERT INTO rate_buckets (tenant_id, rate_limit_id, subject, requests, tokens, refilled_at)
        SELECT DISTINCT p_tenant, l.id, s.subject, l.requests_per_minute, l.tokens_per_minute, now()
          FROM unnest(admissions) x CROSS JOIN rate_limits l
         CROSS JOIN LATERAL (SELECT limit_subject(l.scope, x.user_id, x.key_id, x.model) AS subject OFFSET 0) s
         WHERE l.tenant_id = p_tenant AND (l.subject IS NULL OR l.subject = s.subject) AND s.subject IS NOT NULL
           AND NOT EXISTS (SELECT FROM rate_buckets b WHERE b.tenant_id = p_tenant
                              AND b.rate_limit_id = l.id AND b.subject = s.subject)
         ORDER BY 2, 3
        ON CONFLICT DO NOTHING;
        FOR held IN
            SELECT b.rate_limit_id, b.subject, b.requests, b.tokens, b.refilled_at,
                   w.scope, w.requests_per_minute, w.tokens_per_minute
              FROM (SELECT DISTINCT l.*, limit_subject(l.scope, x.user_id, x.key_id, x.model) AS counted
                      FROM unnest(admissions) x CROSS JOIN rate_limits l WHERE l.tenant_id = p_tenant) w
              JOIN rate_buckets b ON b.tenant_id = p_tenant AND b.rate_limit_id = w.id AND b.subject = w.counted
             WHERE w.subject IS NULL OR w.subject = w.counted
             ORDER BY b.rate_limit_id, b.subject FOR NO KEY UPDATE OF b
        LOOP
            b_id := b_id || held.rate_limit_id;
            b_scope := b_scope || held.scope;
            b_subject := b_subject || held.subject;
            b_rpm := array_append(b_rpm, held.requests_per_minute::float8);
            b_tpm := array_append(b_tpm, held.tokens_per_minute::float8);
            b_requests := array_append(b_requests, held.requests);
            b_tokens := array_append(b_tokens, held.tokens);
            b_refilled := b_refilled || held.refilled_at;
        END LOOP;
        -- Read after the locks: it may have taken long to get them.
        moment := clock_timestamp();
        FOR i IN 1 .. cardinality(b_id) LOOP
            wait := greatest(0, extract(epoch FROM moment - b_refilled[i]));
            b_requests[i] := least(b_rpm[i], coalesce(b_requests[i], b_rpm[i]) + wait * b_rpm[i] / 60);
            b_tokens[i] := least(b_tpm[i], coalesce(b_tokens[i], b_tpm[i]) + wait * b_tpm[i] / 60);
        END LOOP;
    END IF;

    -- 4. Budget periods.
    IF EXISTS (SELECT FROM budgets b WHERE b.tenant_id = p_tenant) THEN
        INSERT INTO budget_periods (tenant_id, budget_id, subject, starts_on)
        SELECT DISTINCT p_tenant, b.id, s.subject, s.starts_on
          FROM unnest(admissions) x CROSS JOIN budgets b
         CROSS JOIN LATERAL (SELECT limit_subject(b.scope, x.user_id, x.key_id, x.model) AS subject,
                                    date_trunc(b.period, now() AT TIME ZONE 'UTC')::date AS starts_on OFFSET 0) s
         WHERE b.tenant_id = p_tenant AND (b.subject IS NULL OR b.subject = s.subject) AND s.subject IS NOT NULL
           AND NOT EXISTS (SELECT FROM budget_periods p WHERE p.tenant_id = p_tenant AND p.budget_id = b.id
                              AND p.subject = s.subject AND p.starts_on = s.starts_on)
         ORDER BY 2, 3
        ON CONFLICT DO NOTHING;
        FOR held IN
            SELECT p.id, p.budget_id, p.subject, w.scope,
                   w.limit_micros - p.spent_micros - p.reserved_micros AS left_micros,
                   w.limit_tokens - p.spent_tokens - p.reserved_tokens AS left_tokens
              FROM (SELECT DISTINCT b.*, limit_subject(b.scope, x.user_id, x.key_id, x.model) AS counted,
                                    date_trunc(b.period, now() AT TIME ZONE 'UTC')::date AS starts_on
                      FROM unnest(admissions) x CROSS JOIN budgets b WHERE b.tenant_id = p_tenant) w
              JOIN budget_periods p ON p.tenant_id = p_tenant AND p.budget_id = w.id AND p.subject = w.counted
               AND p.starts_on = w.starts_on
             WHERE w.subject IS NULL OR w.subject = w.counted
             ORDER BY p.id FOR NO KEY UPDATE OF p
        LOOP
            p_id := p_id || held.id;
            p_budget := p_budget || held.budget_id;
            p_scope := p_scope || held.scope;
            p_subject := p_subject || held.subject;
            p_left_micros := array_append(p_left_micros, held.left_micros);
            p_left_tokens := array_append(p_left_tokens, held.left_tokens);
            p_more_micros := p_more_micros || 0::bigint;
            p_more_tokens := p_more_tokens || 0::bigint;
        END LOOP;
    END IF;

    -- 5. Decide, one after the other: all limits of an admission pass, or none is charged.
    FOREACH a IN ARRAY admissions LOOP
        CONTINUE WHEN v_verdict[a.n] <> 'admitted';
        longest := 0;
        FOR i IN 1 .. cardinality(b_id) LOOP
            CONTINUE WHEN limit_subject(b_scope[i], a.user_id, a.key_id, a.model) IS DISTINCT FROM b_subject[i];
            wait := 0;
            IF b_requests[i] < 1 THEN
                wait := (1 - b_requests[i]) * 60 / b_rpm[i];
            END IF;
            IF a.tokens > b_tpm[i] THEN
                wait := 'infinity';
            ELSIF b_tokens[i] < a.tokens THEN
                wait := greatest(wait, (a.tokens - b_tokens[i]) * 60 / b_tpm[i]);
            END IF;
            IF wait > longest THEN
                longest := wait;
                v_verdict[a.n] := 'rate';
                v_limit[a.n] := b_id[i];
            END IF;
        END LOOP;
        IF longest > 0 THEN
            v_wait[a.n] := CASE WHEN longest < 'infinity' THEN ceil(longest * 1000) END;
            CONTINUE;
        END IF;
        mine := '{}';
        FOR i IN 1 .. cardinality(p_id) LOOP
            CONTINUE WHEN limit_subject(p_scope[i], a.user_id, a.key_id, a.model) IS DISTINCT FROM p_subject[i];
            IF (a.micros > 0 AND p_left_micros[i] < a.micros) OR (a.tokens > 0 AND p_left_tokens[i] < a.tokens) THEN
                v_verdict[a.n] := 'budget';
                v_limit[a.n] := p_budget[i];
                EXIT;
            END IF;
            mine := mine || p_id[i];
        END LOOP;
        CONTINUE WHEN v_verdict[a.n] <> 'admitted';
        v_periods[a.n] := mine::text;
        FOR i IN 1 .. cardinality(p_id) LOOP
            CONTINUE WHEN p_id[i] <> ALL (mine);
            p_left_micros[i] := p_left_micros[i] - a.micros;
            p_left_tokens[i] := p_left_tokens[i] - a.tokens;
            p_more_micros[i] := p_more_micros[i] + a.micros;
            p_more_tokens[i] := p_more_tokens[i] + a.tokens;
        END LOOP;
        FOR i IN 1 .. cardinality(b_id) LOOP
            CONTINUE WHEN limit_subject(b_scope[i], a.user_id, a.key_id, a.model) IS DISTINCT FROM b_subject[i];
            b_requests[i] := b_requests[i] - 1;
            b_tokens[i] := b_tokens[i] - a.tokens;
        END LOOP;
    END LOOP;

    -- 6. Write.
    IF cardinality(b_id) > 0 THEN
        UPDATE rate_buckets b SET requests = u.requests, tokens = u.tokens, refilled_at = moment
          FROM unnest(b_id, b_subject, b_requests, b_tokens) AS u(id, subject, requests, tokens)
         WHERE b.tenant_id = p_tenant AND b.rate_limit_id = u.id AND b.subject = u.subject;
    END IF;
    IF cardinality(p_id) > 0 THEN
        UPDATE budget_periods p SET reserved_micros = p.reserved_micros + u.micros,
                                    reserved_tokens = p.reserved_tokens + u.tokens
          FROM unnest(p_id, p_more_micros, p_more_tokens) AS u(id, micros, tokens)
         WHERE p.tenant_id = p_tenant AND p.id = u.id AND (u.micros > 0 OR u.tokens > 0);
    END IF;
    INSERT INTO turns (tenant_id, id, kind, key_id, user_id, model, status, lease_token, lease_until, attempted,
                       micros, tokens, charged_tokens, periods, conversation_id, previous_id, background, stored,
                       request)
    SELECT p_tenant, x.id, x.kind, x.key_id, x.user_id, x.model,
           CASE WHEN x.background THEN 'queued' ELSE 'in_progress' END,
           CASE WHEN x.background THEN NULL ELSE x.token END,
           CASE WHEN x.background THEN NULL ELSE clock_timestamp() + x.lease_ms * interval '1 millisecond' END,
           CASE WHEN x.background THEN '{}' ELSE ARRAY[x.model] END,
           x.micros, x.tokens, x.tokens, v_periods[x.n]::uuid[], x.conversation_id, x.previous_id, x.background, x.stored,
           p_requests[x.n]
      FROM unnest(admissions) x WHERE v_verdict[x.n] = 'admitted';
    FOREACH a IN ARRAY admissions LOOP
        IF v_verdict[a.n] = 'admitted' THEN
            IF a.conversation_id IS NOT NULL THEN
                UPDATE conversations c SET active_turn = a.id WHERE c.tenant_id = p_tenant AND c.id = a.conversation_id;
            END IF;
            IF a.background THEN
                INSERT INTO jobs (tenant_id, id, kind, subject) VALUES (p_tenant, gen_random_uuid(), 'turn', a.id::text);
            END IF;
        ELSIF a.idempotency_key IS NOT NULL AND v_verdict[a.n] NOT IN ('repeated', 'key_reused') THEN
            DELETE FROM idempotency_keys k
             WHERE k.tenant_id = p_tenant AND k.caller = a.caller AND k.key = a.idempotency_key AND k.turn_id = a.id;
        END IF;
    END LOOP;

    RETURN QUERY
    SELECT x.n, v_verdict[x.n], v_turn[x.n], v_limit[x.n], v_wait[x.n],
           r.rpm::bigint, floor(greatest(0, r.requests))::bigint, ceil((r.rpm - r.requests) * 60000 / r.rpm)::bigint,
           t.tpm::bigint, floor(greatest(0, t.tokens))::bigint, ceil((t.tpm - t.tokens) * 60000 / t.tpm)::bigint
      FROM unnest(admissions) x
      -- The tightest of each kind, as the client's headers tell it.
      LEFT JOIN LATERAL (SELECT u.rpm, u.requests FROM unnest(b_scope, b_subject, b_rpm, b_requests)
                                AS u(scope, subject, rpm, requests)
                          WHERE u.rpm IS NOT NULL
                            AND u.subject = limit_subject(u.scope, x.user_id, x.key_id, x.model)
                          ORDER BY u.requests / u.rpm LIMIT 1) r ON true
      LEFT JOIN LATERAL (SELECT u.tpm, u.tokens FROM unnest(b_scope, b_subject, b_tpm, b_tokens)
                                AS u(scope, subject, tpm, tokens)
                          WHERE u.tpm IS NOT NULL
                            AND u.subject = limit_subject(u.scope, x.user_id, x.key_id, x.model)
                          ORDER BY u.tokens / u.tpm LIMIT 1) t ON true
     ORDER BY x.n;
END
$$;

-- Reserves more for a turn, all budgets or none, and records the attempt it is for: reserved, budget, cancelled, or
-- lost when the turn is no longer its owner's.
CREATE FUNCTION top_up(p_tenant uuid, p_turn uuid, p_token uuid, p_micros bigint, p_tokens bigint, p_model text)
    RETURNS TABLE (verdict text, limit_id uuid)
    LANGUAGE plpgsql SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
#variable_conflict use_column
DECLARE
    held  turns;
    short uuid;
BEGIN
    PERFORM set_config('parley.tenant', p_tenant::text, true);
    SELECT t.* INTO held FROM turns t WHERE t.tenant_id = p_tenant AND t.id = p_turn FOR NO KEY UPDATE;
    IF held.lease_token IS DISTINCT FROM p_token OR held.status <> 'in_progress' THEN
        RETURN QUERY SELECT 'lost', NULL::uuid;
        RETURN;
    ELSIF held.cancel_requested THEN
        RETURN QUERY SELECT 'cancelled', NULL::uuid;
        RETURN;
    END IF;
    IF p_micros > 0 OR p_tokens > 0 THEN
        PERFORM FROM budget_periods p WHERE p.tenant_id = p_tenant AND p.id = ANY (held.periods)
          ORDER BY p.id FOR NO KEY UPDATE;
        SELECT p.budget_id INTO short FROM budget_periods p JOIN budgets b ON b.tenant_id = p_tenant AND b.id = p.budget_id
         WHERE p.tenant_id = p_tenant AND p.id = ANY (held.periods)
           AND ((p_micros > 0 AND b.limit_micros - p.spent_micros - p.reserved_micros < p_micros)
             OR (p_tokens > 0 AND b.limit_tokens - p.spent_tokens - p.reserved_tokens < p_tokens))
         LIMIT 1;
        IF FOUND THEN
            RETURN QUERY SELECT 'budget', short;
            RETURN;
        END IF;
        UPDATE budget_periods p SET reserved_micros = p.reserved_micros + p_micros,
                                    reserved_tokens = p.reserved_tokens + p_tokens
         WHERE p.tenant_id = p_tenant AND p.id = ANY (held.periods);
    END IF;
    UPDATE turns t SET micros = t.micros + p_micros, tokens = t.tokens + p_tokens,
                       attempted = t.attempted || p_model
     WHERE t.tenant_id = p_tenant AND t.id = p_turn;
    RETURN QUERY SELECT 'reserved', NULL::uuid;
END
$$;

-- One model that was paid. `lines` of a settlement are these, as JSON.
CREATE TYPE ledger_line AS (
    model text, provider text, input_tokens bigint, cached_tokens bigint, output_tokens bigint,
    cost_micros bigint, estimated boolean);

-- `reap` settles a turn that nobody owns any more: for what is reserved if anybody was asked, else for nothing.
-- `keeps_key`: a retry with its idempotency key gets this outcome; otherwise the key is free again. The sequences are
-- those of its last events, which become readable with the outcome; NULL without.
CREATE TYPE settlement AS (
    n int, id uuid, token uuid, conversation_id uuid, status text, reap boolean, keeps_key boolean, lines jsonb,
    first_sequence bigint, next_sequence bigint);

CREATE TYPE new_item AS (n int, turn_id uuid, role text, tokens int);

-- Settles turns of one tenant together: settled, repeated (it was, by the same owner), late (it had been reaped: the
-- estimate is corrected), lost (another took its conversation: paid, but not kept), alive (not to be reaped), missing.
CREATE FUNCTION settle(p_tenant uuid, p_settlements jsonb, p_answers bytea[], p_events bytea[],
                       p_items jsonb, p_contents bytea[])
    RETURNS TABLE (n int, verdict text)
    LANGUAGE plpgsql SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
#variable_conflict use_column
DECLARE
    settlements settlement[];
    s           settlement;
    turn        turns;
    fate        text;
    actual      record;
    v_verdict   text[];
    booked      jsonb := '[]';
    first_item  bigint;
    appended    int;
BEGIN
    PERFORM set_config('parley.tenant', p_tenant::text, true);
    SELECT array_agg(x ORDER BY x.n) INTO settlements FROM jsonb_populate_recordset(NULL::settlement, p_settlements) x;
    v_verdict := array_fill('missing'::text, ARRAY[cardinality(settlements)]);

    IF EXISTS (SELECT FROM unnest(settlements) x WHERE NOT x.keeps_key) THEN
        PERFORM FROM idempotency_keys k WHERE k.tenant_id = p_tenant
            AND k.turn_id IN (SELECT x.id FROM unnest(settlements) x WHERE NOT x.keeps_key)
          ORDER BY k.caller, k.key FOR UPDATE;
    END IF;
    PERFORM FROM conversations c WHERE c.tenant_id = p_tenant
        AND c.id IN (SELECT x.conversation_id FROM unnest(settlements) x) ORDER BY c.id FOR NO KEY UPDATE;

    FOR s IN SELECT x.* FROM unnest(settlements) x ORDER BY x.id LOOP
        SELECT t.* INTO turn FROM turns t WHERE t.tenant_id = p_tenant AND t.id = s.id FOR NO KEY UPDATE;
        CONTINUE WHEN NOT FOUND;
        fate := CASE
            WHEN turn.status NOT IN ('queued', 'in_progress') THEN
                CASE WHEN s.reap OR turn.lease_token IS NOT DISTINCT FROM s.token THEN 'repeated' ELSE 'late' END
            WHEN s.reap THEN
                CASE WHEN turn.status = 'in_progress'
                      AND (turn.lease_until < clock_timestamp() OR turn.lease_token IS NULL) THEN 'settled' ELSE 'alive' END
            WHEN turn.lease_token IS NOT DISTINCT FROM s.token THEN 'settled'
            ELSE 'lost' END;
        v_verdict[s.n] := fate;
        CONTINUE WHEN fate IN ('repeated', 'alive');

        IF s.reap THEN
            s.lines := CASE WHEN cardinality(turn.attempted) = 0 THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
                'model', turn.attempted[cardinality(turn.attempted)], 'provider', 'unknown', 'input_tokens', 0,
                'cached_tokens', 0, 'output_tokens', turn.tokens, 'cost_micros', turn.micros, 'estimated', true)) END;
        END IF;
        SELECT coalesce(sum(l.cost_micros), 0)::bigint AS micros,
               coalesce(sum(l.input_tokens + l.output_tokens), 0)::bigint AS tokens
          INTO actual FROM jsonb_populate_recordset(NULL::ledger_line, s.lines) l;

        IF fate = 'late' THEN
            -- A lost turn was booked as it was: told again, there is nothing to correct.
            CONTINUE WHEN actual.micros = turn.micros AND actual.tokens = turn.tokens;
            INSERT INTO ledger (tenant_id, turn_id, line, key_id, user_id, model, provider,
                                input_tokens, output_tokens, cost_micros)
            VALUES (p_tenant, s.id, -1, turn.key_id, turn.user_id, turn.model, 'correction',
                    0, actual.tokens - turn.tokens, actual.micros - turn.micros)
            ON CONFLICT DO NOTHING;
            CONTINUE WHEN NOT FOUND;
        ELSE
            INSERT INTO ledger (tenant_id, turn_id, line, key_id, user_id, model, provider,
                                input_tokens, cached_tokens, output_tokens, cost_micros, estimated)
            SELECT p_tenant, s.id, row_number() OVER (), turn.key_id, turn.user_id, l.model, l.provider,
                   l.input_tokens, l.cached_tokens, l.output_tokens, l.cost_micros, l.estimated
              FROM jsonb_populate_recordset(NULL::ledger_line, s.lines) l;
        END IF;
        booked := booked || jsonb_build_object(
            'periods', to_jsonb(turn.periods), 'user_id', turn.user_id, 'key_id', turn.key_id, 'model', turn.model,
            'free_micros', CASE WHEN fate = 'late' THEN 0 ELSE turn.micros END,
            'free_tokens', CASE WHEN fate = 'late' THEN 0 ELSE turn.tokens END,
            'charged', CASE WHEN fate = 'late' THEN 0 ELSE turn.charged_tokens END,
            'micros', actual.micros - CASE WHEN fate = 'late' THEN turn.micros ELSE 0 END,
            'tokens', actual.tokens - CASE WHEN fate = 'late' THEN turn.tokens ELSE 0 END);

        UPDATE turns t SET
            micros = actual.micros, tokens = actual.tokens,
            status = CASE fate WHEN 'settled' THEN s.status WHEN 'lost' THEN 'failed' ELSE t.status END,
            lease_token = CASE WHEN s.reap OR fate IN ('late', 'lost') THEN NULL ELSE s.token END,
            lease_until = NULL,
            answer = CASE WHEN fate = 'settled' THEN p_answers[s.n] ELSE t.answer END,
            ended_at = coalesce(t.ended_at, clock_timestamp())
         WHERE t.tenant_id = p_tenant AND t.id = s.id;
        IF fate = 'settled' AND s.next_sequence > s.first_sequence THEN
            -- They begin with those of a flush whose answer was lost.
            INSERT INTO turn_events (tenant_id, slot, turn_id, first_sequence, next_sequence, events)
            VALUES (p_tenant, turn_slot(s.id), s.id, s.first_sequence, s.next_sequence, p_events[s.n])
            ON CONFLICT (tenant_id, slot, turn_id, first_sequence) DO UPDATE
               SET next_sequence = excluded.next_sequence, events = excluded.events;
        END IF;
        IF NOT s.keeps_key AND fate <> 'late' THEN
            DELETE FROM idempotency_keys k WHERE k.tenant_id = p_tenant AND k.turn_id = s.id;
        END IF;
        CONTINUE WHEN turn.conversation_id IS NULL;
        SELECT count(*) INTO appended FROM jsonb_populate_recordset(NULL::new_item, p_items) i WHERE i.n = s.n;
        UPDATE conversations c SET
            active_turn = NULL,
            next_seq = c.next_seq + CASE WHEN fate = 'settled' THEN appended ELSE 0 END
         WHERE c.tenant_id = p_tenant AND c.id = turn.conversation_id AND c.active_turn = s.id
        RETURNING c.next_seq - appended INTO first_item;
        IF FOUND AND fate = 'settled' AND appended > 0 THEN
            INSERT INTO conversation_items (tenant_id, conversation_id, seq, turn_id, role, tokens, content)
            SELECT p_tenant, turn.conversation_id, first_item + row_number() OVER (ORDER BY i.place) - 1,
                   i.turn_id, i.role, i.tokens, p_contents[i.place]
              FROM ROWS FROM (jsonb_populate_recordset(NULL::new_item, p_items)) WITH ORDINALITY
                   AS i(n, turn_id, role, tokens, place)
             WHERE i.n = s.n;
        END IF;
    END LOOP;

    -- What a token bucket was charged too much goes back; what it was charged too little it owes.
    IF EXISTS (SELECT FROM rate_limits l WHERE l.tenant_id = p_tenant AND l.tokens_per_minute IS NOT NULL) THEN
        PERFORM FROM rate_buckets b
           JOIN (SELECT DISTINCT l.id, limit_subject(l.scope, x.user_id, x.key_id, x.model) AS subject
                   FROM rate_limits l, jsonb_to_recordset(booked) AS x(user_id text, key_id uuid, model text)
                  WHERE l.tenant_id = p_tenant AND l.tokens_per_minute IS NOT NULL) d
             ON b.rate_limit_id = d.id AND b.subject = d.subject
          WHERE b.tenant_id = p_tenant ORDER BY b.rate_limit_id, b.subject FOR NO KEY UPDATE OF b;
        UPDATE rate_buckets b SET tokens = least(d.tokens_per_minute, b.tokens + d.back)
          FROM (SELECT l.id, l.tokens_per_minute, limit_subject(l.scope, x.user_id, x.key_id, x.model) AS subject,
                       sum(x.charged - x.tokens) AS back
                  FROM rate_limits l, jsonb_to_recordset(booked)
                       AS x(user_id text, key_id uuid, model text, charged bigint, tokens bigint)
                 WHERE l.tenant_id = p_tenant AND l.tokens_per_minute IS NOT NULL GROUP BY 1, 2, 3) d
         WHERE b.tenant_id = p_tenant AND b.rate_limit_id = d.id AND b.subject = d.subject;
    END IF;

    PERFORM FROM budget_periods p WHERE p.tenant_id = p_tenant
        AND p.id IN (SELECT unnest(x.periods) FROM jsonb_to_recordset(booked) AS x(periods uuid[]))
      ORDER BY p.id FOR NO KEY UPDATE;
    IF FOUND THEN
        UPDATE budget_periods p SET
            reserved_micros = p.reserved_micros - d.free_micros, reserved_tokens = p.reserved_tokens - d.free_tokens,
            spent_micros = p.spent_micros + d.micros, spent_tokens = p.spent_tokens + d.tokens
          FROM (SELECT period, sum(free_micros) AS free_micros, sum(free_tokens) AS free_tokens,
                       sum(micros) AS micros, sum(tokens) AS tokens
                  FROM jsonb_to_recordset(booked) AS x(periods uuid[], free_micros bigint, free_tokens bigint,
                                                       micros bigint, tokens bigint), unnest(x.periods) AS period
                 GROUP BY period) d
         WHERE p.tenant_id = p_tenant AND p.id = d.period;
    END IF;
    RETURN QUERY SELECT x.n, v_verdict[x.n] FROM unnest(settlements) x ORDER BY x.n;
END
$$;

-- Work that belongs to no tenant: leases of a process, and the turns whose owners died.
GRANT SELECT, UPDATE, DELETE ON turns TO parley_system;
CREATE POLICY system_leases ON turns TO parley_system USING (true);

-- Renews what is still its owner's and tells of cancellations; a turn that is missing in the answer is lost.
CREATE FUNCTION renew_turns(p_tenants uuid[], p_ids uuid[], p_tokens uuid[], lease_ms bigint)
    RETURNS TABLE (id uuid, cancel_requested boolean)
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH mine AS MATERIALIZED (
        SELECT t.tenant_id, t.id FROM turns t
          JOIN unnest(p_tenants, p_ids, p_tokens) AS u(tenant, id, token)
            ON t.tenant_id = u.tenant AND t.id = u.id AND t.lease_token = u.token AND t.status = 'in_progress'
         ORDER BY t.tenant_id, t.id FOR NO KEY UPDATE OF t)
    UPDATE turns t SET lease_until = clock_timestamp() + lease_ms * interval '1 millisecond'
      FROM mine WHERE t.tenant_id = mine.tenant_id AND t.id = mine.id
    RETURNING t.id, t.cancel_requested
$$;
CALL own_by_system('renew_turns(uuid[], uuid[], uuid[], bigint)');

-- Turns to be reaped, longest overdue first.
CREATE FUNCTION overdue_turns(most int)
    RETURNS TABLE (tenant_id uuid, id uuid, conversation_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.tenant_id, t.id, t.conversation_id FROM turns t
     WHERE t.status = 'in_progress' AND t.lease_until < now() ORDER BY t.lease_until LIMIT most
$$;
CALL own_by_system('overdue_turns(int)');

-- Deletes turns that are over and that nobody can ask for any more, at most so many; the ledger keeps what they cost.
-- What is not stored is looked for in the last day before its time only: the rest of the table holds none of it, and
-- what slipped through goes with the stored ones.
CREATE FUNCTION expire_turns(stored_before timestamptz, others_before timestamptz, most int) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS MATERIALIZED (
        (SELECT tenant_id, id FROM turns
          WHERE created_at < stored_before AND status NOT IN ('queued', 'in_progress') LIMIT most)
        UNION ALL
        (SELECT tenant_id, id FROM turns
          WHERE created_at < others_before AND created_at >= others_before - interval '1 day' AND NOT stored
            AND status NOT IN ('queued', 'in_progress') LIMIT most)),
    gone AS (
        DELETE FROM turns t USING old WHERE t.tenant_id = old.tenant_id AND t.id = old.id RETURNING t.id)
    SELECT count(*) FROM gone
$$;
CALL own_by_system('expire_turns(timestamptz, timestamptz, int)');

REVOKE ALL ON FUNCTION admit(uuid, jsonb, bytea[]), settle(uuid, jsonb, bytea[], bytea[], jsonb, bytea[]),
    top_up(uuid, uuid, uuid, bigint, bigint, text),
    flush_events(uuid, uuid, uuid, bigint, bigint, bigint, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION admit(uuid, jsonb, bytea[]), settle(uuid, jsonb, bytea[], bytea[], jsonb, bytea[]),
    top_up(uuid, uuid, uuid, bigint, bigint, text),
    flush_events(uuid, uuid, uuid, bigint, bigint, bigint, bytea) TO parley_app;

-- Leases that outlive their database, admissions that wait for nobody's key, queued turns that nobody forgets.

-- Leases that ended before this moment are over, and their turns are anybody's to end.
--
-- While the database is away nobody can renew a lease. So none is over before it has been back for a while: who owns a
-- turn that ended meanwhile comes first, with its answer. Back is when it was started, or, where a standby was
-- promoted, some time after it read the last commit. `parley.lease_grace` is for a database that takes longer to
-- recover, and for tests.
--
-- A scan looks this up once, so that a comparison with it can use an index.
CREATE FUNCTION lease_horizon() RETURNS timestamptz
    LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN greatest(pg_postmaster_start_time(), pg_last_xact_replay_timestamp())
                     + coalesce(nullif(current_setting('parley.lease_grace', true), '')::interval, '1 minute') > now()
                THEN '-infinity' ELSE now() END
$$;

-- Whoever writes or frees an idempotency key holds this lock of it, before its row's, to the end of the transaction.
-- So a key that another session is about to write can be told without waiting for its row.
CREATE FUNCTION idempotency_lock(tenant uuid, caller text, key text) RETURNS bigint
    LANGUAGE sql IMMUTABLE AS $$
    SELECT hashtextextended(tenant::text || ' ' || caller || ' ' || key, 0)
$$;

-- Claims a key in the transaction under way: claimed, repeated (`answer` is the first one's; NULL when that was a
-- turn), key_reused (for another request), in_progress (the first is not done, and the lock's time-out is over).
CREATE OR REPLACE FUNCTION claim_idempotency_key(p_caller text, p_key text, p_hash bytea)
    RETURNS TABLE (verdict text, answer bytea)
    LANGUAGE plpgsql SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
#variable_conflict use_column
DECLARE
    tenant uuid := nullif(current_setting('parley.tenant', true), '')::uuid;
    held   record;
BEGIN
    PERFORM pg_advisory_xact_lock(idempotency_lock(tenant, p_caller, p_key));
    LOOP
        INSERT INTO idempotency_keys AS k (tenant_id, caller, key, request_hash)
        VALUES (tenant, p_caller, p_key, p_hash)
        ON CONFLICT (tenant_id, caller, key) DO UPDATE SET
            request_hash = excluded.request_hash, turn_id = NULL, answer = NULL, created_at = now()
         WHERE k.created_at < now() - interval '24 hours';
        IF FOUND THEN
            RETURN QUERY SELECT 'claimed', NULL::bytea;
            RETURN;
        END IF;
        SELECT k.request_hash, k.turn_id, k.answer INTO held FROM idempotency_keys k
         WHERE k.tenant_id = tenant AND k.caller = p_caller AND k.key = p_key;
        IF FOUND THEN
            RETURN QUERY SELECT CASE WHEN held.turn_id IS NULL AND held.request_hash = p_hash
                                     THEN 'repeated' ELSE 'key_reused' END, held.answer;
            RETURN;
        END IF;
    END LOOP;
EXCEPTION
    WHEN lock_not_available THEN
        RETURN QUERY SELECT 'in_progress', NULL::bytea;
END
$$;

DROP FUNCTION admit(uuid, jsonb, bytea[]);

-- Decides the admissions of one tenant together, each with a verdict of its own, in the order given:
--   admitted, repeated (the key was used: `turn_id` has the outcome), key_reused (for another request), in_progress
--   (the key is being written), conversation_missing, conversation_locked, rate (wait `retry_after_ms`; NULL: it can
--   never pass), budget.
-- Nobody waits for what is one admission's own, its key and its conversation: all of the group would wait with it. For
-- each lock that it shares with others it waits `p_patience_ms`.
-- What is refused leaves nothing behind. `n` counts from 1; no idempotency key or conversation may occur twice.
CREATE FUNCTION admit(p_tenant uuid, p_admissions jsonb, p_requests bytea[], p_patience_ms bigint DEFAULT 5000)
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
    PERFORM set_config('parley.tenant', p_tenant::text, true), set_config('lock_timeout', p_patience_ms::text, true);
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
        IF pg_try_advisory_xact_lock(idempotency_lock(p_tenant, a.caller, a.idempotency_key)) THEN
            INSERT INTO idempotency_keys AS k (tenant_id, caller, key, request_hash, turn_id)
            VALUES (p_tenant, a.caller, a.idempotency_key, decode(a.request_hash, 'hex'), a.id)
            ON CONFLICT (tenant_id, caller, key) DO UPDATE SET
                request_hash = excluded.request_hash, turn_id = excluded.turn_id, answer = NULL, created_at = now()
             WHERE k.created_at < now() - interval '24 hours';
            CONTINUE WHEN FOUND;
        END IF;
        SELECT k.turn_id, k.request_hash INTO held FROM idempotency_keys k
         WHERE k.tenant_id = p_tenant AND k.caller = a.caller AND k.key = a.idempotency_key
           AND k.created_at >= now() - interval '24 hours';
        v_verdict[a.n] := CASE WHEN NOT FOUND THEN 'in_progress'
                               WHEN held.request_hash = decode(a.request_hash, 'hex') THEN 'repeated'
                               ELSE 'key_reused' END;
        v_turn[a.n] := held.turn_id;
    END LOOP;

    -- 2. Conversations. A turn whose lease has run out loses the conversation, and with it the right to settle.
    FOR a IN SELECT x.* FROM unnest(admissions) x
              WHERE x.conversation_id IS NOT NULL AND v_verdict[x.n] = 'admitted' ORDER BY x.conversation_id
    LOOP
        SELECT c.active_turn INTO held FROM conversations c
         WHERE c.tenant_id = p_tenant AND c.id = a.conversation_id FOR NO KEY UPDATE SKIP LOCKED;
        IF NOT FOUND THEN
            v_verdict[a.n] := CASE WHEN EXISTS (SELECT FROM conversations c WHERE c.tenant_id = p_tenant
                                                                              AND c.id = a.conversation_id)
                                   THEN 'conversation_locked' ELSE 'conversation_missing' END;
        ELSIF held.active_turn IS NOT NULL THEN
            active := active || held.active_turn;
            v_turn[a.n] := held.active_turn;
        END IF;
    END LOOP;
    IF cardinality(active) > 0 THEN
        PERFORM FROM turns t WHERE t.tenant_id = p_tenant AND t.id = ANY (active)
            AND t.status = 'in_progress' AND t.lease_until < lease_horizon() ORDER BY t.id FOR NO KEY UPDATE;
        UPDATE turns t SET lease_token = NULL WHERE t.tenant_id = p_tenant AND t.id = ANY (active)
            AND t.status = 'in_progress' AND t.lease_until < lease_horizon();
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
        ELSIF a.idempotency_key IS NOT NULL AND v_verdict[a.n] NOT IN ('repeated', 'key_reused', 'in_progress') THEN
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

DROP FUNCTION settle(uuid, jsonb, bytea[], bytea[], jsonb, bytea[]);

-- Settles turns of one tenant together: settled, repeated (it was, by the same owner), late (it had been reaped: the
-- estimate is corrected), lost (another took its conversation: paid, but not kept), alive (not to be reaped), missing.
CREATE FUNCTION settle(p_tenant uuid, p_settlements jsonb, p_answers bytea[], p_events bytea[],
                       p_items jsonb, p_contents bytea[], p_patience_ms bigint DEFAULT 5000)
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
    PERFORM set_config('parley.tenant', p_tenant::text, true), set_config('lock_timeout', p_patience_ms::text, true);
    SELECT array_agg(x ORDER BY x.n) INTO settlements FROM jsonb_populate_recordset(NULL::settlement, p_settlements) x;
    v_verdict := array_fill('missing'::text, ARRAY[cardinality(settlements)]);

    IF EXISTS (SELECT FROM unnest(settlements) x WHERE NOT x.keeps_key) THEN
        PERFORM pg_advisory_xact_lock(k.lock) FROM (
            SELECT idempotency_lock(k.tenant_id, k.caller, k.key) AS lock FROM idempotency_keys k
             WHERE k.tenant_id = p_tenant
               AND k.turn_id IN (SELECT x.id FROM unnest(settlements) x WHERE NOT x.keeps_key)
             ORDER BY 1 OFFSET 0) k;
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
                      AND (turn.lease_until < lease_horizon() OR turn.lease_token IS NULL) THEN 'settled' ELSE 'alive' END
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

REVOKE ALL ON FUNCTION admit(uuid, jsonb, bytea[], bigint),
    settle(uuid, jsonb, bytea[], bytea[], jsonb, bytea[], bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION admit(uuid, jsonb, bytea[], bigint),
    settle(uuid, jsonb, bytea[], bytea[], jsonb, bytea[], bigint) TO parley_app;

-- Turns to be reaped, longest overdue first.
CREATE OR REPLACE FUNCTION overdue_turns(most int)
    RETURNS TABLE (tenant_id uuid, id uuid, conversation_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.tenant_id, t.id, t.conversation_id FROM turns t
     WHERE t.status = 'in_progress' AND t.lease_until < lease_horizon() ORDER BY t.lease_until LIMIT most
$$;

-- Turns that have waited for a worker for so long, and whose job is gone (`dead` is false) or dead.
CREATE INDEX turns_queued ON turns (created_at) WHERE status = 'queued';

CREATE FUNCTION stranded_turns(age interval, most int)
    RETURNS TABLE (tenant_id uuid, id uuid, dead boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.tenant_id, t.id, j.id IS NOT NULL FROM turns t
      LEFT JOIN jobs j ON j.tenant_id = t.tenant_id AND j.kind = 'turn' AND j.subject = t.id::text
     WHERE t.status = 'queued' AND t.created_at < now() - age AND (j.id IS NULL OR j.status = 'dead')
     ORDER BY t.created_at LIMIT most
$$;
CALL own_by_system('stranded_turns(interval, int)');

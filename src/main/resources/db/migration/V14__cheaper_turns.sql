-- What every turn calls, in half as many statements: setting one up costs more than what it does to a row or two.
--
-- `admit` and `settle` decide as before, take the same locks in the same order, and write the same. Each does a thing
-- once for its whole group, so a group of 64 runs as many statements as one turn does.
--
-- What they look for they know the whole key of. The planner does not know how few that are, so it is kept from scanning
-- and hashing tables for them.

-- A tenant's existence is not checked for each turn, key and ledger line: three look-ups that lock the tenant's row for
-- all turns at once. Nobody deletes tenants, and a tenant's id comes from a key that was looked up in `api_keys`, which
-- still references `tenants`; row-level security lets no other id in.
ALTER TABLE turns DROP CONSTRAINT turns_tenant_id_fkey;
ALTER TABLE ledger DROP CONSTRAINT ledger_tenant_id_fkey;
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_tenant_id_fkey;

-- A turn changes its conversation twice, in the page it is in if that has room.
ALTER TABLE conversations SET (fillfactor = 80);

-- Hot rows, in a small table: what pruning leaves of them is cleaned up soon.
ALTER TABLE rate_buckets SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
ALTER TABLE budget_periods SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

-- Every turn leaves a dead version, and one in the index of leases. A fifth of the table, which is what is waited for
-- otherwise, would be days of them.
ALTER TABLE turns SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 10000);
ALTER TABLE conversations SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 10000);
ALTER TABLE idempotency_keys SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 10000);

-- A bucket or a budget's period while a group is decided that it counts: what is in it, or left of it, and what of that
-- is taken.
CREATE TYPE bucket AS (
    id uuid, scope text, subject text, rpm float8, tpm float8,
    requests float8, tokens float8, refilled_at timestamptz);
CREATE TYPE purse AS (
    id uuid, budget_id uuid, scope text, subject text, starts_on date,
    left_micros bigint, left_tokens bigint, more_micros bigint, more_tokens bigint);

-- Decides the admissions of one tenant together, each with a verdict of its own, in the order given:
--   admitted, repeated (the key was used: `turn_id` has the outcome), key_reused (for another request), in_progress
--   (the key is being written), conversation_missing, conversation_locked, rate (wait `retry_after_ms`; NULL: it can
--   never pass), budget.
-- Nobody waits for what is one admission's own, its key and its conversation: all of the group would wait with it. For
-- each lock that it shares with others it waits `p_patience_ms`.
-- What is refused leaves nothing behind. `n` counts from 1; no idempotency key or conversation may occur twice.
CREATE OR REPLACE FUNCTION admit(p_tenant uuid, p_admissions jsonb, p_requests bytea[], p_patience_ms bigint DEFAULT 5000)
    RETURNS TABLE (n int, verdict text, turn_id uuid, limit_id uuid, retry_after_ms bigint,
                   limit_requests bigint, remaining_requests bigint, reset_requests_ms bigint,
                   limit_tokens bigint, remaining_tokens bigint, reset_tokens_ms bigint)
    LANGUAGE plpgsql SET search_path = public, pg_temp SET lock_timeout = '5s'
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
    SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    admissions admission[];
    a          admission;
    held       record;
    setting    text;
    -- How many have a key, a conversation, no worker yet; and everybody whom limits may name.
    keyed      int;
    talking    int;
    waiting    int;
    subjects   text[];
    claimed    uuid[];
    taken      int[];
    active     uuid[] := '{}';
    -- Verdicts by n.
    v_verdict text[];  v_turn uuid[];  v_limit uuid[];  v_wait bigint[];  v_periods text[];
    -- What the tenant counts, whom of the group, and how that stands.
    limits  rate_limits[];  l rate_limits;
    budgets budgets[];      b budgets;
    wanted  bucket[] := '{}';  buckets bucket[] := '{}';
    due     purse[] := '{}';   purses  purse[] := '{}';
    whom    text;
    seen    text[];
    made    boolean := false;
    moment  timestamptz;
    wait    float8;
    longest float8;
    mine    uuid[];
    r int;  t int;
BEGIN
    -- Assigned, which costs less than a statement.
    setting := set_config('parley.tenant', p_tenant::text, true);
    setting := set_config('lock_timeout', p_patience_ms::text, true);
    SELECT array_agg(x), count(x.idempotency_key), count(x.conversation_id), count(*) FILTER (WHERE x.background),
           array_agg(x.user_id) || array_agg(x.key_id::text) || array_agg(x.model)
      INTO admissions, keyed, talking, waiting, subjects
      FROM jsonb_populate_recordset(NULL::admission, p_admissions) x;
    v_verdict := array_fill('admitted'::text, ARRAY[cardinality(admissions)]);

    -- 1. Idempotency keys. Those that are not claimed are somebody else's.
    IF keyed > 0 THEN
        WITH claims AS (
            INSERT INTO idempotency_keys AS k (tenant_id, caller, key, request_hash, turn_id)
            SELECT p_tenant, x.caller, x.idempotency_key, decode(x.request_hash, 'hex'), x.id FROM unnest(admissions) x
             WHERE pg_try_advisory_xact_lock(idempotency_lock(p_tenant, x.caller, x.idempotency_key))
             ORDER BY x.caller, x.idempotency_key
            ON CONFLICT (tenant_id, caller, key) DO UPDATE SET
                request_hash = excluded.request_hash, turn_id = excluded.turn_id, answer = NULL, created_at = now()
             WHERE k.created_at < now() - interval '24 hours'
            RETURNING k.turn_id)
        SELECT array_agg(c.turn_id) INTO claimed FROM claims c;
        FOREACH a IN ARRAY admissions LOOP
            CONTINUE WHEN a.idempotency_key IS NULL OR a.id = ANY (claimed);
            SELECT k.turn_id, k.request_hash INTO held FROM idempotency_keys k
             WHERE k.tenant_id = p_tenant AND k.caller = a.caller AND k.key = a.idempotency_key
               AND k.created_at >= now() - interval '24 hours';
            v_verdict[a.n] := CASE WHEN NOT FOUND THEN 'in_progress'
                                   WHEN held.request_hash = decode(a.request_hash, 'hex') THEN 'repeated'
                                   ELSE 'key_reused' END;
            v_turn[a.n] := held.turn_id;
        END LOOP;
    END IF;

    -- 2. Conversations. A turn whose lease has run out loses the conversation, and with it the right to settle.
    IF talking > 0 THEN
        SELECT array_agg(c.n), coalesce(array_agg(c.active_turn) FILTER (WHERE c.active_turn IS NOT NULL), '{}')
          INTO taken, active
          FROM (SELECT x.n, c.active_turn FROM unnest(admissions) x
                  JOIN conversations c ON c.tenant_id = p_tenant AND c.id = x.conversation_id
                 WHERE v_verdict[x.n] = 'admitted' ORDER BY c.id FOR NO KEY UPDATE OF c SKIP LOCKED) c;
        FOREACH a IN ARRAY admissions LOOP
            CONTINUE WHEN a.conversation_id IS NULL OR v_verdict[a.n] <> 'admitted' OR a.n = ANY (taken);
            v_verdict[a.n] := CASE WHEN EXISTS (SELECT FROM conversations c WHERE c.tenant_id = p_tenant
                                                                              AND c.id = a.conversation_id)
                                   THEN 'conversation_locked' ELSE 'conversation_missing' END;
        END LOOP;
    END IF;
    IF cardinality(active) > 0 THEN
        PERFORM FROM turns t WHERE t.tenant_id = p_tenant AND t.id = ANY (active)
            AND t.status = 'in_progress' AND t.lease_until < lease_horizon() ORDER BY t.id FOR NO KEY UPDATE;
        UPDATE turns t SET lease_token = NULL WHERE t.tenant_id = p_tenant AND t.id = ANY (active)
            AND t.status = 'in_progress' AND t.lease_until < lease_horizon();
        FOR held IN
            SELECT x.n FROM unnest(admissions) x
              JOIN conversations c ON c.tenant_id = p_tenant AND c.id = x.conversation_id
              JOIN turns t ON t.tenant_id = p_tenant AND t.id = c.active_turn
             WHERE x.n = ANY (taken)
               AND (t.status = 'queued' OR (t.status = 'in_progress' AND t.lease_token IS NOT NULL))
        LOOP
            v_verdict[held.n] := 'conversation_locked';
        END LOOP;
    END IF;

    -- What there is to be counted by.
    SELECT (SELECT array_agg(l) FROM rate_limits l
             WHERE l.tenant_id = p_tenant AND (l.subject IS NULL OR l.subject = ANY (subjects))),
           (SELECT array_agg(b) FROM budgets b
             WHERE b.tenant_id = p_tenant AND (b.subject IS NULL OR b.subject = ANY (subjects)))
      INTO limits, budgets;

    -- 3. Rate buckets, filled up to now. They are locked when all are there: who makes one may have to wait for another
    -- who makes it, and must hold none then.
    FOREACH l IN ARRAY coalesce(limits, '{}') LOOP
        seen := '{}';
        FOREACH a IN ARRAY admissions LOOP
            whom := limit_subject(l.scope, a.user_id, a.key_id, a.model);
            CONTINUE WHEN whom IS NULL OR l.subject <> whom OR whom = ANY (seen);
            seen := array_append(seen, whom);
            wanted := array_append(wanted, ROW(l.id, l.scope, whom, l.requests_per_minute, l.tokens_per_minute,
                                               l.requests_per_minute, l.tokens_per_minute, now())::bucket);
        END LOOP;
    END LOOP;
    WHILE cardinality(wanted) > 0 LOOP
        SELECT coalesce(array_agg(ROW(h.*)::bucket), '{}') INTO buckets FROM (
            SELECT w.id, w.scope, w.subject, w.rpm, w.tpm, b.requests, b.tokens, b.refilled_at
              FROM unnest(wanted) w
              JOIN rate_buckets b ON b.tenant_id = p_tenant AND b.rate_limit_id = w.id AND b.subject = w.subject
             WHERE made OR cardinality(wanted) = (
                   SELECT count(*) FROM unnest(wanted) w
                     JOIN rate_buckets b ON b.tenant_id = p_tenant AND b.rate_limit_id = w.id AND b.subject = w.subject)
             ORDER BY b.rate_limit_id, b.subject FOR NO KEY UPDATE OF b) h;
        EXIT WHEN made OR cardinality(buckets) > 0;
        INSERT INTO rate_buckets (tenant_id, rate_limit_id, subject, requests, tokens, refilled_at)
        SELECT p_tenant, w.id, w.subject, w.requests, w.tokens, w.refilled_at FROM unnest(wanted) w
         WHERE EXISTS (SELECT FROM rate_limits l WHERE l.tenant_id = p_tenant AND l.id = w.id)
           AND NOT EXISTS (SELECT FROM rate_buckets b
                            WHERE b.tenant_id = p_tenant AND b.rate_limit_id = w.id AND b.subject = w.subject)
         ORDER BY w.id, w.subject
        ON CONFLICT DO NOTHING;
        made := true;
    END LOOP;
    -- Read after the locks: it may have taken long to get them.
    moment := clock_timestamp();
    FOR i IN 1 .. cardinality(buckets) LOOP
        wait := greatest(0, extract(epoch FROM moment - buckets[i].refilled_at));
        buckets[i].requests := least(buckets[i].rpm,
                                     coalesce(buckets[i].requests, buckets[i].rpm) + wait * buckets[i].rpm / 60);
        buckets[i].tokens := least(buckets[i].tpm,
                                   coalesce(buckets[i].tokens, buckets[i].tpm) + wait * buckets[i].tpm / 60);
    END LOOP;

    -- 4. Budget periods, in the same way.
    FOREACH b IN ARRAY coalesce(budgets, '{}') LOOP
        seen := '{}';
        FOREACH a IN ARRAY admissions LOOP
            whom := limit_subject(b.scope, a.user_id, a.key_id, a.model);
            CONTINUE WHEN whom IS NULL OR b.subject <> whom OR whom = ANY (seen);
            seen := array_append(seen, whom);
            due := array_append(due, ROW(NULL, b.id, b.scope, whom,
                                         date_trunc(b.period, now() AT TIME ZONE 'UTC')::date,
                                         b.limit_micros, b.limit_tokens, 0, 0)::purse);
        END LOOP;
    END LOOP;
    made := false;
    WHILE cardinality(due) > 0 LOOP
        SELECT coalesce(array_agg(ROW(h.*)::purse), '{}') INTO purses FROM (
            SELECT p.id, d.budget_id, d.scope, d.subject, d.starts_on,
                   d.left_micros - p.spent_micros - p.reserved_micros,
                   d.left_tokens - p.spent_tokens - p.reserved_tokens, d.more_micros, d.more_tokens
              FROM unnest(due) d
              JOIN budget_periods p ON p.tenant_id = p_tenant AND p.budget_id = d.budget_id
               AND p.subject = d.subject AND p.starts_on = d.starts_on
             WHERE made OR cardinality(due) = (
                   SELECT count(*) FROM unnest(due) d
                     JOIN budget_periods p ON p.tenant_id = p_tenant AND p.budget_id = d.budget_id
                      AND p.subject = d.subject AND p.starts_on = d.starts_on)
             ORDER BY p.id FOR NO KEY UPDATE OF p) h;
        EXIT WHEN made OR cardinality(purses) > 0;
        INSERT INTO budget_periods (tenant_id, budget_id, subject, starts_on)
        SELECT p_tenant, d.budget_id, d.subject, d.starts_on FROM unnest(due) d
         WHERE EXISTS (SELECT FROM budgets b WHERE b.tenant_id = p_tenant AND b.id = d.budget_id)
           AND NOT EXISTS (SELECT FROM budget_periods p WHERE p.tenant_id = p_tenant AND p.budget_id = d.budget_id
                              AND p.subject = d.subject AND p.starts_on = d.starts_on)
         ORDER BY d.budget_id, d.subject
        ON CONFLICT DO NOTHING;
        made := true;
    END LOOP;

    -- 5. Decide, one after the other: all limits of an admission pass, or none is charged.
    FOREACH a IN ARRAY admissions LOOP
        CONTINUE WHEN v_verdict[a.n] <> 'admitted';
        longest := 0;
        FOR i IN 1 .. cardinality(buckets) LOOP
            CONTINUE WHEN limit_subject(buckets[i].scope, a.user_id, a.key_id, a.model)
                          IS DISTINCT FROM buckets[i].subject;
            wait := 0;
            IF buckets[i].requests < 1 THEN
                wait := (1 - buckets[i].requests) * 60 / buckets[i].rpm;
            END IF;
            IF a.tokens > buckets[i].tpm THEN
                wait := 'infinity';
            ELSIF buckets[i].tokens < a.tokens THEN
                wait := greatest(wait, (a.tokens - buckets[i].tokens) * 60 / buckets[i].tpm);
            END IF;
            IF wait > longest THEN
                longest := wait;
                v_verdict[a.n] := 'rate';
                v_limit[a.n] := buckets[i].id;
            END IF;
        END LOOP;
        IF longest > 0 THEN
            v_wait[a.n] := CASE WHEN longest < 'infinity' THEN ceil(longest * 1000) END;
            CONTINUE;
        END IF;
        mine := '{}';
        FOR i IN 1 .. cardinality(purses) LOOP
            CONTINUE WHEN limit_subject(purses[i].scope, a.user_id, a.key_id, a.model)
                          IS DISTINCT FROM purses[i].subject;
            IF (a.micros > 0 AND purses[i].left_micros < a.micros)
            OR (a.tokens > 0 AND purses[i].left_tokens < a.tokens) THEN
                v_verdict[a.n] := 'budget';
                v_limit[a.n] := purses[i].budget_id;
                EXIT;
            END IF;
            mine := mine || purses[i].id;
        END LOOP;
        CONTINUE WHEN v_verdict[a.n] <> 'admitted';
        v_periods[a.n] := mine::text;
        FOR i IN 1 .. cardinality(purses) LOOP
            CONTINUE WHEN purses[i].id <> ALL (mine);
            purses[i].left_micros := purses[i].left_micros - a.micros;
            purses[i].left_tokens := purses[i].left_tokens - a.tokens;
            purses[i].more_micros := purses[i].more_micros + a.micros;
            purses[i].more_tokens := purses[i].more_tokens + a.tokens;
        END LOOP;
        FOR i IN 1 .. cardinality(buckets) LOOP
            CONTINUE WHEN limit_subject(buckets[i].scope, a.user_id, a.key_id, a.model)
                          IS DISTINCT FROM buckets[i].subject;
            buckets[i].requests := buckets[i].requests - 1;
            buckets[i].tokens := buckets[i].tokens - a.tokens;
        END LOOP;
    END LOOP;

    -- 6. Write.
    IF cardinality(buckets) > 0 THEN
        UPDATE rate_buckets b SET requests = u.requests, tokens = u.tokens, refilled_at = moment
          FROM unnest(buckets) u
         WHERE b.tenant_id = p_tenant AND b.rate_limit_id = u.id AND b.subject = u.subject;
    END IF;
    IF cardinality(purses) > 0 THEN
        UPDATE budget_periods p SET reserved_micros = p.reserved_micros + u.more_micros,
                                    reserved_tokens = p.reserved_tokens + u.more_tokens
          FROM unnest(purses) u
         WHERE p.tenant_id = p_tenant AND p.id = u.id AND (u.more_micros > 0 OR u.more_tokens > 0);
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
    IF talking > 0 THEN
        UPDATE conversations c SET active_turn = x.id FROM unnest(admissions) x
         WHERE c.tenant_id = p_tenant AND c.id = x.conversation_id AND v_verdict[x.n] = 'admitted';
    END IF;
    IF waiting > 0 THEN
        INSERT INTO jobs (tenant_id, id, kind, subject)
        SELECT p_tenant, gen_random_uuid(), 'turn', x.id::text FROM unnest(admissions) x
         WHERE x.background AND v_verdict[x.n] = 'admitted';
    END IF;
    IF v_verdict && '{conversation_missing,conversation_locked,rate,budget}' THEN
        DELETE FROM idempotency_keys k USING unnest(admissions) x
         WHERE k.tenant_id = p_tenant AND k.caller = x.caller AND k.key = x.idempotency_key AND k.turn_id = x.id
           AND v_verdict[x.n] IN ('conversation_missing', 'conversation_locked', 'rate', 'budget');
    END IF;

    -- 7. Tell, of each kind of rate the tightest, as the client's headers do.
    FOREACH a IN ARRAY admissions LOOP
        r := NULL;
        t := NULL;
        FOR i IN 1 .. cardinality(buckets) LOOP
            CONTINUE WHEN limit_subject(buckets[i].scope, a.user_id, a.key_id, a.model)
                          IS DISTINCT FROM buckets[i].subject;
            IF buckets[i].rpm IS NOT NULL
            AND (r IS NULL OR buckets[i].requests / buckets[i].rpm < buckets[r].requests / buckets[r].rpm) THEN
                r := i;
            END IF;
            IF buckets[i].tpm IS NOT NULL
            AND (t IS NULL OR buckets[i].tokens / buckets[i].tpm < buckets[t].tokens / buckets[t].tpm) THEN
                t := i;
            END IF;
        END LOOP;
        n := a.n;
        verdict := v_verdict[a.n];
        turn_id := v_turn[a.n];
        limit_id := v_limit[a.n];
        retry_after_ms := v_wait[a.n];
        limit_requests := buckets[r].rpm;
        remaining_requests := floor(greatest(0, buckets[r].requests));
        reset_requests_ms := ceil((buckets[r].rpm - buckets[r].requests) * 60000 / buckets[r].rpm);
        limit_tokens := buckets[t].tpm;
        remaining_tokens := floor(greatest(0, buckets[t].tokens));
        reset_tokens_ms := ceil((buckets[t].tpm - buckets[t].tokens) * 60000 / buckets[t].tpm);
        RETURN NEXT;
    END LOOP;
END
$$;

-- A turn as a settlement leaves it, and what that books: `free_` no longer reserved, `spent_` spent, `back` given back
-- to token buckets. `items` of its conversation, of which the last stands at `last_item` among all of the call.
CREATE TYPE ending AS (
    n int, turn_id uuid, fate text, status text, lease_token uuid, micros bigint, tokens bigint, lines jsonb,
    key_id uuid, user_id text, model text, conversation_id uuid, items int, last_item int,
    periods uuid[], free_micros bigint, free_tokens bigint, spent_micros bigint, spent_tokens bigint, back bigint);

-- Settles turns of one tenant together: settled, repeated (it was, by the same owner), late (it had been reaped: the
-- estimate is corrected), lost (another took its conversation: paid, but not kept), alive (not to be reaped), missing.
-- `n` counts from 1; no turn may occur twice; items are in the order of their turns' `n`.
CREATE OR REPLACE FUNCTION settle(p_tenant uuid, p_settlements jsonb, p_answers bytea[], p_events bytea[],
                       p_items jsonb, p_contents bytea[], p_patience_ms bigint DEFAULT 5000)
    RETURNS TABLE (n int, verdict text)
    LANGUAGE plpgsql SET search_path = public, pg_temp SET lock_timeout = '5s'
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
    SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    settlements settlement[];
    s           settlement;
    turn        record;
    setting     text;
    -- The turns whose keys are to be free again, and the conversations to be locked.
    freed       uuid[];
    talks       uuid[];
    flushed     int;
    v_verdict   text[];
    -- Paid, by n, as the lines of the settlements add up to it.
    v_micros    bigint[];
    v_tokens    bigint[];
    -- Items of conversations, and by n how many there are and where the last one stands.
    said        new_item[];
    v_items     int[];
    v_last      int[];
    fate        text;
    asked       boolean;
    talked      boolean := false;
    endings     ending[] := '{}';
BEGIN
    setting := set_config('parley.tenant', p_tenant::text, true);
    setting := set_config('lock_timeout', p_patience_ms::text, true);
    SELECT array_agg(x), array_agg(x.id) FILTER (WHERE NOT x.keeps_key),
           array_agg(x.conversation_id) FILTER (WHERE x.conversation_id IS NOT NULL),
           count(*) FILTER (WHERE x.next_sequence > x.first_sequence), array_agg(l.micros), array_agg(l.tokens)
      INTO settlements, freed, talks, flushed, v_micros, v_tokens
      FROM jsonb_populate_recordset(NULL::settlement, p_settlements) x
     CROSS JOIN LATERAL (SELECT coalesce(sum(l.cost_micros), 0)::bigint AS micros,
                                coalesce(sum(l.input_tokens + l.output_tokens), 0)::bigint AS tokens
                           FROM jsonb_populate_recordset(NULL::ledger_line, x.lines) l) l;
    v_verdict := array_fill('missing'::text, ARRAY[cardinality(settlements)]);

    -- 1. Idempotency keys that become free, and conversations.
    IF freed IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(k.lock) FROM (
            SELECT idempotency_lock(k.tenant_id, k.caller, k.key) AS lock FROM idempotency_keys k
             WHERE k.tenant_id = p_tenant AND k.turn_id = ANY (freed) ORDER BY 1 OFFSET 0) k;
        PERFORM FROM idempotency_keys k WHERE k.tenant_id = p_tenant AND k.turn_id = ANY (freed)
          ORDER BY k.caller, k.key FOR UPDATE;
    END IF;
    IF talks IS NOT NULL THEN
        PERFORM FROM conversations c WHERE c.tenant_id = p_tenant AND c.id = ANY (talks)
          ORDER BY c.id FOR NO KEY UPDATE;
    END IF;
    v_items := array_fill(0, ARRAY[cardinality(settlements)]);
    v_last := v_items;
    IF cardinality(p_contents) > 0 THEN
        SELECT array_agg(i) INTO said FROM jsonb_populate_recordset(NULL::new_item, p_items) i;
        FOR place IN 1 .. cardinality(said) LOOP
            v_items[said[place].n] := v_items[said[place].n] + 1;
            v_last[said[place].n] := place;
        END LOOP;
    END IF;

    -- 2. Turns, each with a fate of its own.
    FOR turn IN
        SELECT x.n, t.id, t.status, t.lease_token, t.lease_until, t.attempted, t.micros, t.tokens, t.charged_tokens,
               t.periods, t.key_id, t.user_id, t.model, t.conversation_id
          FROM unnest(settlements) x JOIN turns t ON t.tenant_id = p_tenant AND t.id = x.id
         ORDER BY t.id FOR NO KEY UPDATE OF t
    LOOP
        s := settlements[turn.n];
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
        talked := talked OR turn.conversation_id IS NOT NULL;

        IF s.reap THEN
            asked := cardinality(turn.attempted) > 0;
            v_micros[s.n] := CASE WHEN asked THEN turn.micros ELSE 0 END;
            v_tokens[s.n] := CASE WHEN asked THEN turn.tokens ELSE 0 END;
            s.lines := CASE WHEN NOT asked THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
                'model', turn.attempted[cardinality(turn.attempted)], 'provider', 'unknown', 'input_tokens', 0,
                'cached_tokens', 0, 'output_tokens', turn.tokens, 'cost_micros', turn.micros, 'estimated', true)) END;
        END IF;
        IF fate = 'late' THEN
            -- A lost turn was booked as it was: told again, there is nothing to correct.
            CONTINUE WHEN v_micros[s.n] = turn.micros AND v_tokens[s.n] = turn.tokens;
            INSERT INTO ledger (tenant_id, turn_id, line, key_id, user_id, model, provider,
                                input_tokens, output_tokens, cost_micros)
            VALUES (p_tenant, s.id, -1, turn.key_id, turn.user_id, turn.model, 'correction',
                    0, v_tokens[s.n] - turn.tokens, v_micros[s.n] - turn.micros)
            ON CONFLICT DO NOTHING;
            CONTINUE WHEN NOT FOUND;
            endings := array_append(endings, ROW(
                s.n, s.id, fate, turn.status, NULL, v_micros[s.n], v_tokens[s.n], '[]',
                turn.key_id, turn.user_id, turn.model, turn.conversation_id, 0, 0,
                turn.periods, 0, 0, v_micros[s.n] - turn.micros, v_tokens[s.n] - turn.tokens,
                turn.tokens - v_tokens[s.n])::ending);
        ELSE
            endings := array_append(endings, ROW(
                s.n, s.id, fate, CASE fate WHEN 'settled' THEN s.status ELSE 'failed' END,
                CASE WHEN s.reap OR fate = 'lost' THEN NULL ELSE s.token END, v_micros[s.n], v_tokens[s.n], s.lines,
                turn.key_id, turn.user_id, turn.model, turn.conversation_id,
                CASE fate WHEN 'settled' THEN v_items[s.n] ELSE 0 END, v_last[s.n],
                turn.periods, turn.micros, turn.tokens, v_micros[s.n], v_tokens[s.n],
                turn.charged_tokens - v_tokens[s.n])::ending);
        END IF;
    END LOOP;

    -- 3. What is said and done.
    IF cardinality(endings) > 0 THEN
        INSERT INTO ledger (tenant_id, turn_id, line, key_id, user_id, model, provider,
                            input_tokens, cached_tokens, output_tokens, cost_micros, estimated)
        SELECT p_tenant, e.turn_id, l.line, e.key_id, e.user_id, l.model, l.provider,
               l.input_tokens, l.cached_tokens, l.output_tokens, l.cost_micros, l.estimated
          FROM unnest(endings) e
         CROSS JOIN LATERAL ROWS FROM (jsonb_populate_recordset(NULL::ledger_line, e.lines)) WITH ORDINALITY
               AS l(model, provider, input_tokens, cached_tokens, output_tokens, cost_micros, estimated, line);
        UPDATE turns t SET
            micros = e.micros, tokens = e.tokens, status = e.status, lease_token = e.lease_token, lease_until = NULL,
            answer = CASE WHEN e.fate = 'settled' THEN p_answers[e.n] ELSE t.answer END,
            ended_at = coalesce(t.ended_at, clock_timestamp())
          FROM unnest(endings) e WHERE t.tenant_id = p_tenant AND t.id = e.turn_id;
    END IF;
    IF flushed > 0 THEN
        -- They begin with those of a flush whose answer was lost.
        INSERT INTO turn_events (tenant_id, slot, turn_id, first_sequence, next_sequence, events)
        SELECT p_tenant, turn_slot(x.id), x.id, x.first_sequence, x.next_sequence, p_events[x.n]
          FROM unnest(settlements) x WHERE x.next_sequence > x.first_sequence AND v_verdict[x.n] = 'settled'
        ON CONFLICT (tenant_id, slot, turn_id, first_sequence) DO UPDATE
           SET next_sequence = excluded.next_sequence, events = excluded.events;
    END IF;
    IF freed IS NOT NULL THEN
        DELETE FROM idempotency_keys k USING unnest(settlements) x
         WHERE k.tenant_id = p_tenant AND k.turn_id = x.id AND NOT x.keeps_key
           AND v_verdict[x.n] IN ('settled', 'lost');
    END IF;
    IF talked THEN
        WITH parted AS (
            UPDATE conversations c SET active_turn = NULL, next_seq = c.next_seq + e.items FROM unnest(endings) e
             WHERE c.tenant_id = p_tenant AND c.id = e.conversation_id AND c.active_turn = e.turn_id
            RETURNING c.id, e.n, e.items, c.next_seq - 1 - e.last_item AS shift)
        INSERT INTO conversation_items (tenant_id, conversation_id, seq, turn_id, role, tokens, content)
        SELECT p_tenant, p.id, p.shift + i.place, i.turn_id, i.role, i.tokens, p_contents[i.place]
          FROM parted p JOIN unnest(said) WITH ORDINALITY AS i(n, turn_id, role, tokens, place) ON i.n = p.n
         WHERE p.items > 0;
    END IF;

    -- 4. Token buckets: what they were charged too much goes back; what they were charged too little is owed.
    WITH owed AS (
        SELECT l.id, l.tokens_per_minute, limit_subject(l.scope, e.user_id, e.key_id, e.model) AS subject,
               sum(e.back) AS back
          FROM rate_limits l CROSS JOIN unnest(endings) e
         WHERE l.tenant_id = p_tenant AND l.tokens_per_minute IS NOT NULL GROUP BY 1, 2, 3),
    held AS MATERIALIZED (
        SELECT b.rate_limit_id, b.subject, d.tokens_per_minute, d.back
          FROM owed d JOIN rate_buckets b
            ON b.tenant_id = p_tenant AND b.rate_limit_id = d.id AND b.subject = d.subject
         ORDER BY b.rate_limit_id, b.subject FOR NO KEY UPDATE OF b)
    UPDATE rate_buckets b SET tokens = least(h.tokens_per_minute, b.tokens + h.back)
      FROM held h WHERE b.tenant_id = p_tenant AND b.rate_limit_id = h.rate_limit_id AND b.subject = h.subject;

    -- 5. Budget periods.
    WITH owed AS (
        SELECT period, sum(e.free_micros) AS free_micros, sum(e.free_tokens) AS free_tokens,
               sum(e.spent_micros) AS spent_micros, sum(e.spent_tokens) AS spent_tokens
          FROM unnest(endings) e, unnest(e.periods) AS period GROUP BY period),
    held AS MATERIALIZED (
        SELECT d.* FROM owed d JOIN budget_periods p ON p.tenant_id = p_tenant AND p.id = d.period
         ORDER BY p.id FOR NO KEY UPDATE OF p)
    UPDATE budget_periods p SET
        reserved_micros = p.reserved_micros - h.free_micros, reserved_tokens = p.reserved_tokens - h.free_tokens,
        spent_micros = p.spent_micros + h.spent_micros, spent_tokens = p.spent_tokens + h.spent_tokens
      FROM held h WHERE p.tenant_id = p_tenant AND p.id = h.period;

    FOREACH s IN ARRAY settlements LOOP
        n := s.n;
        verdict := v_verdict[s.n];
        RETURN NEXT;
    END LOOP;
END
$$;

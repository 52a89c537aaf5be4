-- Idempotency keys of requests that are no turn: claimed and answered in the transaction of their effect.

-- Claims a key in the transaction under way: claimed, repeated (`answer` is the first one's; NULL when that was a
-- turn), key_reused (for another request), in_progress (the first is not done, and the lock's time-out is over).
CREATE FUNCTION claim_idempotency_key(p_caller text, p_key text, p_hash bytea)
    RETURNS TABLE (verdict text, answer bytea)
    LANGUAGE plpgsql SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
#variable_conflict use_column
DECLARE
    tenant uuid := nullif(current_setting('parley.tenant', true), '')::uuid;
    held   record;
BEGIN
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
REVOKE ALL ON FUNCTION claim_idempotency_key(text, text, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_idempotency_key(text, text, bytea) TO parley_app;

-- Keys that have expired are as if they were not there; they are deleted some at a time.
GRANT SELECT, UPDATE, DELETE ON idempotency_keys TO parley_system;
CREATE POLICY system_expires ON idempotency_keys TO parley_system USING (true);

CREATE FUNCTION expire_idempotency_keys(most int) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    deleted int;
BEGIN
    -- A key that is being claimed anew is left alone.
    DELETE FROM idempotency_keys k WHERE k.ctid = ANY (ARRAY(
        SELECT o.ctid FROM idempotency_keys o
         WHERE o.created_at < now() - interval '24 hours' LIMIT most FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$$;
CALL own_by_system('expire_idempotency_keys(int)');

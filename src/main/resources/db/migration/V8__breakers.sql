-- Circuit breakers that are open, for all processes: one that learned the hard way spares the others.

-- It belongs to no tenant, so the application reaches it through the functions below and not otherwise.
CREATE TABLE breakers (
    provider   text NOT NULL,
    model      text NOT NULL,
    -- Until then nobody calls; after it one process at a time may try.
    open_until timestamptz NOT NULL,
    PRIMARY KEY (provider, model)
);
ALTER TABLE breakers ENABLE ROW LEVEL SECURITY;
ALTER TABLE breakers FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON breakers TO parley_system;
CREATE POLICY system_shares_breakers ON breakers TO parley_system USING (true);

-- One that nobody has tried for five minutes after its time is forgotten: whoever opened it may be long gone.
CREATE FUNCTION breakers_forgotten_before() RETURNS timestamptz
    LANGUAGE sql STABLE AS $$ SELECT now() - interval '5 minutes' $$;

-- Those that are open, and those whose time is over and that nobody has closed (`millis` <= 0).
CREATE FUNCTION open_breakers() RETURNS TABLE (provider text, model text, millis bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT b.provider, b.model, (extract(epoch FROM b.open_until - now()) * 1000)::bigint
      FROM breakers b WHERE b.open_until > breakers_forgotten_before()
$$;
CALL own_by_system('open_breakers()');

-- Another report of the same trouble makes it no shorter.
CREATE FUNCTION open_breaker(p_provider text, p_model text, millis bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM breakers b WHERE b.open_until <= breakers_forgotten_before();
    INSERT INTO breakers AS b (provider, model, open_until)
    VALUES (p_provider, p_model, now() + millis * interval '1 millisecond')
    ON CONFLICT (provider, model) DO UPDATE SET open_until = greatest(b.open_until, excluded.open_until)
$$;
CALL own_by_system('open_breaker(text, text, bigint)');

-- Whether the caller may try one whose time is over. While it does, and if it dies, the others leave it alone for
-- `millis` more. One that is closed meanwhile needs no trial.
CREATE FUNCTION try_breaker(p_provider text, p_model text, millis bigint) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH mine AS (
        UPDATE breakers b SET open_until = now() + millis * interval '1 millisecond'
         WHERE b.provider = p_provider AND b.model = p_model AND b.open_until <= now()
        RETURNING true)
    SELECT EXISTS (SELECT FROM mine)
        OR NOT EXISTS (SELECT FROM breakers b WHERE b.provider = p_provider AND b.model = p_model)
$$;
CALL own_by_system('try_breaker(text, text, bigint)');

CREATE FUNCTION close_breaker(p_provider text, p_model text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM breakers b WHERE b.provider = p_provider AND b.model = p_model
$$;
CALL own_by_system('close_breaker(text, text)');

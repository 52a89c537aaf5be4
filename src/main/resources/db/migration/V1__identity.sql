-- Roles, row-level security, tenants and API keys.
--
-- parley_app    what the application runs as: owns nothing, sees one tenant at a time.
-- parley_system owns the SECURITY DEFINER functions for work that has no tenant yet; nobody can log in as it.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_app') THEN
        CREATE ROLE parley_app NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_system') THEN
        CREATE ROLE parley_system NOLOGIN;
    END IF;
EXCEPTION
    -- Roles belong to the cluster: two databases may be migrated at the same moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
GRANT parley_app, parley_system TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO parley_app, parley_system;

CREATE EXTENSION IF NOT EXISTS vector;

-- Puts a table under the one rule every tenant table has; the setting is made per transaction by the application.
CREATE PROCEDURE isolate_by_tenant(target regclass)
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format(
        'CREATE POLICY tenant_isolation ON %s TO parley_app '
        'USING (tenant_id = nullif(current_setting(''parley.tenant'', true), '''')::uuid)', target);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO parley_app', target);
END
$$;

-- Gives a function to parley_system and lets the application, and nobody else, call it.
CREATE PROCEDURE own_by_system(target regprocedure)
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    GRANT CREATE ON SCHEMA public TO parley_system;
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', target);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO parley_app', target);
    EXECUTE format('ALTER FUNCTION %s OWNER TO parley_system', target);
    REVOKE CREATE ON SCHEMA public FROM parley_system;
END
$$;
REVOKE ALL ON PROCEDURE isolate_by_tenant(regclass), own_by_system(regprocedure) FROM PUBLIC;

CREATE TABLE tenants (
    tenant_id  uuid PRIMARY KEY,
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    status     text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
    created_at timestamptz NOT NULL DEFAULT now()
);
CALL isolate_by_tenant('tenants');

CREATE TABLE api_keys (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    prefix       text NOT NULL,
    hash         bytea NOT NULL CHECK (length(hash) = 32),
    scopes       text[] NOT NULL,
    user_id      text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);
CALL isolate_by_tenant('api_keys');

GRANT SELECT ON tenants TO parley_system;
GRANT SELECT, UPDATE ON api_keys TO parley_system;
CREATE POLICY system_reads ON tenants FOR SELECT TO parley_system USING (true);
CREATE POLICY system_reads ON api_keys FOR SELECT TO parley_system USING (true);
CREATE POLICY system_marks_use ON api_keys FOR UPDATE TO parley_system USING (true);

-- Who holds the key with this SHA-256, if it may be used now. Marks its use, at most once a minute.
CREATE FUNCTION authenticate_key(key_hash bytea)
    RETURNS TABLE (tenant_id uuid, key_id uuid, user_id text, scopes text[], expires_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    holder api_keys;
BEGIN
    SELECT k.* INTO holder
      FROM api_keys k JOIN tenants t ON t.tenant_id = k.tenant_id
     WHERE k.hash = key_hash AND k.revoked_at IS NULL
       AND (k.expires_at IS NULL OR k.expires_at > now())
       AND t.status = 'active';
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF holder.last_used_at IS NULL OR holder.last_used_at < now() - interval '1 minute' THEN
        UPDATE api_keys SET last_used_at = now()
         WHERE tenant_id = holder.tenant_id AND id = holder.id
           AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute');
    END IF;
    RETURN QUERY SELECT holder.tenant_id, holder.id, holder.user_id, holder.scopes, holder.expires_at;
END
$$;
CALL own_by_system('authenticate_key(bytea)');

-- Every tenant, newest first: for operators, who have no tenant of their own to look from.
CREATE FUNCTION list_tenants(after_id uuid, page_size int) RETURNS SETOF tenants
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT * FROM tenants
     WHERE after_id IS NULL OR tenant_id < after_id
     ORDER BY tenant_id DESC LIMIT page_size
$$;
CALL own_by_system('list_tenants(uuid, int)');

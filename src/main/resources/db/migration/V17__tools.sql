-- Tools that admins declare, and the secrets that their requests carry.
CREATE TABLE tools (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    -- Two underscores in a row are for tools of MCP servers.
    name       text NOT NULL CHECK (name ~ '^[a-zA-Z0-9_-]{1,64}$' AND name !~ '__'),
    type       text NOT NULL CHECK (type IN ('http', 'sql', 'knowledge')),
    -- As the admin wrote it.
    definition jsonb NOT NULL,
    -- What was found out about it when it was saved, for models: the columns of its views.
    learned    text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, name)
);
CALL isolate_by_tenant('tools');

CREATE TABLE tool_secrets (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    name       text NOT NULL CHECK (name ~ '^[a-zA-Z0-9_-]{1,64}$'),
    -- Passes the content codec.
    value      bytea NOT NULL,
    -- The only ones it is ever sent to: host, or host:port.
    hosts      text[] NOT NULL CHECK (cardinality(hosts) BETWEEN 1 AND 20),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, name)
);
CALL isolate_by_tenant('tool_secrets');

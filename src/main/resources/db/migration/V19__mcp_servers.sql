-- Remote MCP servers and what they say their tools are.

CREATE TABLE mcp_servers (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    -- The first part of its tools' names, for good.
    label          text NOT NULL CHECK (label ~ '^[a-z0-9][a-z0-9_-]{0,31}$'),
    url            text NOT NULL,
    -- A JSON object that passes the content codec: they hold the server's secrets.
    headers        bytea NOT NULL,
    -- By the server's own names; NULL for all.
    allowed_tools  text[],
    -- All others have effects, whatever the server says.
    read_only      text[] NOT NULL,
    approval       text NOT NULL CHECK (approval IN ('effects', 'always', 'never', 'named')),
    -- Those that need one, where they are named.
    approved_tools text[] NOT NULL,
    -- What a caller needs besides the right to call tools.
    scopes         text[] NOT NULL,
    -- NULL for the installation's.
    timeout_ms     int CHECK (timeout_ms > 0),
    -- The protocol's revision that it spoke when it was last asked.
    revision       text NOT NULL,
    -- Tools that it offers and that are not taken: a JSON object of names and reasons.
    refused        jsonb NOT NULL,
    refreshed_at   timestamptz NOT NULL,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, label)
);
CALL isolate_by_tenant('mcp_servers');

-- Definitions are JSON that passes the content codec. One that was accepted is used until another is: what a server
-- says later is only kept beside it.
CREATE TABLE mcp_tools (
    tenant_id     uuid NOT NULL,
    label         text NOT NULL,
    -- The server's name for it.
    name          text NOT NULL,
    -- Ours: what models and clients call it.
    tool_name     text NOT NULL,
    accepted      bytea,
    accepted_hash text,
    -- What the server says now; NULL once it does not offer it any more.
    offered       bytea,
    offered_hash  text,
    PRIMARY KEY (tenant_id, label, name),
    UNIQUE (tenant_id, tool_name),
    FOREIGN KEY (tenant_id, label) REFERENCES mcp_servers ON DELETE CASCADE,
    CHECK ((accepted IS NULL) = (accepted_hash IS NULL)),
    CHECK ((offered IS NULL) = (offered_hash IS NULL)),
    CHECK (accepted IS NOT NULL OR offered IS NOT NULL)
);
CALL isolate_by_tenant('mcp_tools');

-- Conversations and what was said in them. Content passes the content codec: the database does not read it.

CREATE TABLE conversations (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    metadata   jsonb NOT NULL DEFAULT '{}',
    next_seq   bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
CALL isolate_by_tenant('conversations');

CREATE TABLE conversation_items (
    tenant_id       uuid NOT NULL,
    conversation_id uuid NOT NULL,
    seq             bigint NOT NULL,
    -- Items of one turn are kept or forgotten together.
    turn_id         uuid NOT NULL,
    role            text NOT NULL CHECK (role IN ('user', 'assistant', 'tool')),
    tokens          int NOT NULL CHECK (tokens >= 0),
    content         bytea NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, conversation_id, seq),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations ON DELETE CASCADE
);
CALL isolate_by_tenant('conversation_items');

-- The running summary of a conversation's older turns: beside the items, which it never replaces.

CREATE TABLE conversation_summaries (
    tenant_id       uuid NOT NULL,
    conversation_id uuid NOT NULL,
    -- The last item it covers, by its place and by its id.
    through_seq     bigint NOT NULL CHECK (through_seq >= 0),
    through_item    text NOT NULL,
    model           text NOT NULL,
    tokens          int NOT NULL CHECK (tokens >= 0),
    -- Passes the content codec.
    content         bytea NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, conversation_id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations ON DELETE CASCADE
);
CALL isolate_by_tenant('conversation_summaries');

-- How often items were deleted: a summary that was being made of them meanwhile is not kept.
ALTER TABLE conversations ADD COLUMN deletions bigint NOT NULL DEFAULT 0;

-- What is deleted does not live on in a summary, whoever deletes it: a process of the previous release, which knows
-- no summaries, too. Deleters lock the conversation before its items.
CREATE FUNCTION forget_summaries() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE conversations c SET deletions = c.deletions + 1
      FROM (SELECT DISTINCT tenant_id, conversation_id FROM gone) g
     WHERE c.tenant_id = g.tenant_id AND c.id = g.conversation_id;
    DELETE FROM conversation_summaries s USING gone g
     WHERE s.tenant_id = g.tenant_id AND s.conversation_id = g.conversation_id AND s.through_seq >= g.seq;
    RETURN NULL;
END
$$;
CREATE TRIGGER items_forget_summaries AFTER DELETE ON conversation_items
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION forget_summaries();

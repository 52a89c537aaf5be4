-- Prompts: immutable numbered versions, labels that point at them, which turn used which, and what people thought of it.

CREATE TABLE prompts (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    -- The number of the latest version. It is raised under this row's lock together with the version's own row, so
    -- numbers have no gaps.
    latest        int NOT NULL DEFAULT 0 CHECK (latest >= 0),
    -- SHA-256 of the latest version's content: saying the same again makes no version.
    latest_digest bytea CHECK (length(latest_digest) = 32),
    -- Raised by every change of the prompt, its versions or its labels: whoever writes can say what they had seen.
    revision      bigint NOT NULL DEFAULT 1,
    created_by    uuid NOT NULL,
    created_at    timestamptz NOT NULL,
    archived_at   timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX prompts_names ON prompts (tenant_id, name) WHERE archived_at IS NULL;
CALL isolate_by_tenant('prompts');
REVOKE DELETE ON prompts FROM parley_app;

CREATE TABLE prompt_versions (
    tenant_id  uuid NOT NULL,
    prompt_id  uuid NOT NULL,
    number     int NOT NULL CHECK (number > 0),
    -- Both pass the content codec.
    content    bytea NOT NULL,
    note       bytea,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, prompt_id, number),
    FOREIGN KEY (tenant_id, prompt_id) REFERENCES prompts
);
CALL isolate_by_tenant('prompt_versions');
-- What a version says is what it said for good.
REVOKE UPDATE, DELETE ON prompt_versions FROM parley_app;

CREATE TABLE prompt_labels (
    tenant_id    uuid NOT NULL,
    prompt_id    uuid NOT NULL,
    label        text NOT NULL CHECK (length(label) BETWEEN 1 AND 64),
    is_protected boolean NOT NULL,
    -- By what a split keeps its versions apart.
    sticky       text NOT NULL CHECK (sticky IN ('conversation', 'user')),
    PRIMARY KEY (tenant_id, prompt_id, label),
    FOREIGN KEY (tenant_id, prompt_id) REFERENCES prompts
);
CALL isolate_by_tenant('prompt_labels');

-- Which of the 10,000 buckets of a label go to which version. Together they are all of them.
CREATE TABLE prompt_label_shares (
    tenant_id    uuid NOT NULL,
    prompt_id    uuid NOT NULL,
    label        text NOT NULL,
    first_bucket int NOT NULL CHECK (first_bucket >= 0),
    end_bucket   int NOT NULL CHECK (end_bucket > first_bucket AND end_bucket <= 10000),
    version      int NOT NULL,
    PRIMARY KEY (tenant_id, prompt_id, label, first_bucket),
    FOREIGN KEY (tenant_id, prompt_id, label) REFERENCES prompt_labels ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, prompt_id, version) REFERENCES prompt_versions
);
CALL isolate_by_tenant('prompt_label_shares');

CREATE TABLE prompt_label_changes (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    prompt_id  uuid NOT NULL,
    label      text NOT NULL,
    -- What it points at from then on; NULL: it was deleted.
    target     jsonb,
    -- Passes the content codec.
    note       bytea,
    changed_by uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, prompt_id, label, id),
    FOREIGN KEY (tenant_id, prompt_id) REFERENCES prompts
);
CALL isolate_by_tenant('prompt_label_changes');
REVOKE UPDATE, DELETE ON prompt_label_changes FROM parley_app;

-- The version that a conversation began with under a label, and stays with. Like the next table it has no foreign key
-- to versions: nobody deletes those, and every turn would lock the row of the one that all of them use.
CREATE TABLE conversation_prompts (
    tenant_id       uuid NOT NULL,
    conversation_id uuid NOT NULL,
    prompt_id       uuid NOT NULL,
    label           text NOT NULL,
    version         int NOT NULL,
    PRIMARY KEY (tenant_id, conversation_id, prompt_id, label),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations ON DELETE CASCADE
);
CALL isolate_by_tenant('conversation_prompts');

-- The version that each turn used. No foreign key to turns: it is written before the turn is admitted, in the round
-- trip that finds the version. What was then refused stays here until its time is over, and means nothing.
CREATE TABLE turn_prompts (
    tenant_id  uuid NOT NULL,
    turn_id    uuid NOT NULL,
    prompt_id  uuid NOT NULL,
    version    int NOT NULL,
    -- NULL: the turn named the version itself.
    label      text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, turn_id)
);
CREATE INDEX turn_prompts_ages ON turn_prompts (created_at);
CALL isolate_by_tenant('turn_prompts');

-- What somebody thought of an answer: one opinion of each caller and user. It outlives its turn, as the count that it is
-- part of does.
CREATE TABLE turn_feedback (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    turn_id    uuid NOT NULL,
    key_id     uuid NOT NULL,
    -- Empty: of the caller itself.
    user_id    text NOT NULL,
    score      real NOT NULL CHECK (score BETWEEN -1 AND 1),
    labels     text[] NOT NULL,
    -- Passes the content codec.
    comment    bytea,
    -- Of the turn; NULL: it used no prompt.
    prompt_id  uuid,
    version    int,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, turn_id, key_id, user_id),
    FOREIGN KEY (tenant_id, prompt_id, version) REFERENCES prompt_versions
);
CREATE INDEX turn_feedback_versions ON turn_feedback (tenant_id, prompt_id, version) WHERE prompt_id IS NOT NULL;
CALL isolate_by_tenant('turn_feedback');

-- The bucket of a sticky key under a label: the first four bytes of SHA-256 of `<prompt's uuid>/<label>/<key>`, as an
-- unsigned number, modulo 10,000. The same key always has the same one.
CREATE FUNCTION prompt_bucket(prompt uuid, label text, sticky_key text) RETURNS int
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (((get_byte(h, 0)::bigint << 24) + (get_byte(h, 1) << 16) + (get_byte(h, 2) << 8) + get_byte(h, 3))
            % 10000)::int
      FROM sha256(convert_to(prompt::text || '/' || label || '/' || sticky_key, 'UTF8')) AS h
$$;

GRANT SELECT, DELETE ON turn_prompts TO parley_system;
CREATE POLICY system_expires ON turn_prompts TO parley_system USING (true);

-- Deletes at most so many that are older, and returns how many it deleted.
CREATE FUNCTION expire_turn_prompts(older_than timestamptz, most int) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM turn_prompts t USING (
            SELECT tenant_id, turn_id FROM turn_prompts WHERE created_at < older_than ORDER BY created_at LIMIT most) old
         WHERE t.tenant_id = old.tenant_id AND t.turn_id = old.turn_id RETURNING 1)
    SELECT count(*) FROM gone
$$;
CALL own_by_system('expire_turn_prompts(timestamptz, int)');

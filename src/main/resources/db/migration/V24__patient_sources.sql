-- Hosts that do not answer hold up nobody else's documents, and listings that can never be whole remove nothing by
-- what they do not show.

ALTER TABLE sources
    -- Whether what the listing does not name is looked at all the same: no run will ever see all of the listing.
    ADD COLUMN run_keeps_unlisted boolean NOT NULL DEFAULT false;

-- Hosts that a run leaves alone for a while.
CREATE TABLE source_hosts (
    tenant_id uuid NOT NULL,
    source_id uuid NOT NULL,
    -- With its port, as URLs have it.
    host      text COLLATE "C" NOT NULL,
    until     timestamptz NOT NULL,
    -- How often in a row it gave no answer.
    refusals  int NOT NULL,
    PRIMARY KEY (tenant_id, source_id, host),
    FOREIGN KEY (tenant_id, source_id) REFERENCES sources ON DELETE CASCADE
);
CALL isolate_by_tenant('source_hosts');

-- What had to be postponed comes after what was not, and what was not looked at for longest before the rest.
DROP INDEX source_documents_unchecked;
CREATE INDEX source_documents_unchecked ON source_documents
    (tenant_id, source_id, postponed, checked_run, checked_at NULLS FIRST, id);

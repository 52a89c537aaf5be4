package dev.parley.ingestion;

import dev.parley.knowledge.AttachmentId;

/// What others do in the commit from which on a file is found.
public interface AfterIndexing {

    /// Called in the transaction that indexes the file; a failure undoes that, and the stage is tried again.
    void indexed(AttachmentId id);
}

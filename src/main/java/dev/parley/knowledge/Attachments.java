package dev.parley.knowledge;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.util.Optional;

/// The progress of files in vector stores. Writes join the caller's transaction.
@ApplicationScoped
public class Attachments {

    /// Empty when the file or store was deleted, or its ingestion cancelled, failed or completed: nothing is left to
    // do.
    public Optional<Attachment> inProgress(AttachmentId id) {
        throw new UnsupportedOperationException();
    }

    /// The file's bytes, read from the database part by part; holds no connection between reads.
    public InputStream content(AttachmentId id) {
        throw new UnsupportedOperationException();
    }

    /// The parse stage's checkpoint, if this file was parsed by this version before (for any store).
    public Optional<String> parsed(AttachmentId id, int parserVersion) {
        throw new UnsupportedOperationException();
    }

    /// Saves the parse stage's checkpoint: the document as JSON.
    public void saveParsed(AttachmentId id, int parserVersion, String documentJson) {
        throw new UnsupportedOperationException();
    }

    /// Ends the ingestion as failed, with a reason that helps.
    public void fail(AttachmentId id, FailureCode code, String message) {
        throw new UnsupportedOperationException();
    }

    /// Back to `in_progress`, for a re-driven dead letter; keeps the stage.
    public void reopen(AttachmentId id) {
        throw new UnsupportedOperationException();
    }

    /// OpenAI's codes of a vector store file's `last_error`; stored in lower case.
    public enum FailureCode {
        SERVER_ERROR,
        UNSUPPORTED_FILE,
        INVALID_FILE
    }
}

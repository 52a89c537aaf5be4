package dev.parley.ingestion;

import dev.parley.job.JobFailure;
import dev.parley.knowledge.Attachments.FailureCode;

/// A file that cannot be ingested, however often it is tried. The message tells its owner what to do.
final class IngestionFailure extends JobFailure {

    private final FailureCode code;

    private IngestionFailure(FailureCode code, String message) {
        super("parse", message, false, null);
        this.code = code;
    }

    /// A kind of file that Parley does not read.
    static IngestionFailure unsupported(String message) {
        return new IngestionFailure(FailureCode.UNSUPPORTED_FILE, message);
    }

    /// A file of a kind that Parley reads, but this one it cannot.
    static IngestionFailure invalid(String message) {
        return new IngestionFailure(FailureCode.INVALID_FILE, message);
    }

    FailureCode code() {
        return code;
    }
}

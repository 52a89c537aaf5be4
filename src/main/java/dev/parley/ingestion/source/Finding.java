package dev.parley.ingestion.source;

import dev.parley.ingestion.Upload;
import org.jspecify.annotations.Nullable;

/// What a look at a document found.
sealed interface Finding {

    /// Its content is what it was.
    record Unchanged() implements Finding {}

    /// @param upload on this machine's disk; whoever gets it closes it
    /// @param etag as its server said, for the next look; so is `lastModified`
    record Content(
            Upload upload,
            byte[] sha256,
            @Nullable String etag,
            @Nullable String lastModified) implements Finding {}

    /// It is listed, and not there. A server may say so by mistake.
    record Missing(String reason) implements Finding {}

    /// It is not there, and whoever says so makes no mistakes.
    record Gone() implements Finding {}

    /// It is there, and is nothing that can be a file.
    record Unfit(String reason) implements Finding {}

    /// It is not to be asked for.
    record Unasked(String reason) implements Finding {}

    /// It could not be looked at.
    ///
    /// @param isPassing whether that may be otherwise soon
    record Failed(String reason, boolean isPassing) implements Finding {

        Failed(String reason) {
            this(reason, false);
        }
    }
}

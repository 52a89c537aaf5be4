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

    /// It is listed, and not there.
    record Missing(String reason) implements Finding {}

    /// It could not be looked at.
    record Failed(String reason) implements Finding {}
}

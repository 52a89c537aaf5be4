package dev.parley.ingestion;

import java.io.IOException;

/// Reads files of one format.
interface Parser {

    /// @throws IngestionFailure for a file that cannot be read
    /// @throws IOException when the disk fails, which passes
    void parse(Upload upload, DocumentBuilder document) throws IOException;
}

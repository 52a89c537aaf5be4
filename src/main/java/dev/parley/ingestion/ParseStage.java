package dev.parley.ingestion;

import dev.parley.job.Lease;
import dev.parley.knowledge.Attachment;
import dev.parley.knowledge.Attachments;
import dev.parley.postgres.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;

/// From a file's bytes to a document, once for all stores it is attached to.
@ApplicationScoped
class ParseStage {

    private final Attachments attachments;
    private final Parsers parsers;
    private final Json json;

    ParseStage(Attachments attachments, Parsers parsers, Json json) {
        this.attachments = attachments;
        this.parsers = parsers;
        this.json = json;
    }

    void run(Attachment attachment, Lease lease) {
        String document = document(attachment);
        lease.runInTransaction(_ -> attachments.saveParsed(attachment.id(), Parsers.VERSION, document));
    }

    /// The document as JSON: the checkpoint, or parsed now where that is missing or another version's.
    String document(Attachment attachment) {
        return attachments.parsed(attachment.id(), Parsers.VERSION).orElseGet(() -> json.write(parse(attachment)));
    }

    private Document parse(Attachment attachment) {
        try (var upload =
                Upload.copy(attachment.filename(), attachment.contentType(), attachments.content(attachment.id()))) {
            return parsers.parse(upload);
        } catch (IOException diskFailure) {
            throw new UncheckedIOException(diskFailure);
        }
    }
}

package dev.parley.knowledge;

/// Where knowledge asks for a file to be ingested. Called inside the transaction that attaches the file, so the request
/// stands exactly when the attachment does.
public interface IngestionQueue {

    void request(AttachmentId attachment);
}

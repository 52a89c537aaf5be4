package dev.parley.knowledge;

import dev.parley.postgres.TenantId;

/// Where knowledge asks for a file to be ingested. Called inside the transaction that attaches the file, so the request
/// stands exactly when the attachment does.
public interface IngestionQueue {

    /// @throws dev.parley.problem.Problem (429) when so much of the tenant's waits that no more is taken on
    void checkRoom(TenantId tenant);

    void request(AttachmentId attachment);
}

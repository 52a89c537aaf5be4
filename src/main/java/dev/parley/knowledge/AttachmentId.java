package dev.parley.knowledge;

import dev.parley.postgres.TenantId;

/// A file in a vector store: what one ingestion works on.
public record AttachmentId(TenantId tenant, VectorStoreId vectorStore, FileId file) {}

package dev.parley.knowledge;

import org.jspecify.annotations.Nullable;

/// A file in a vector store as ingestion sees it.
///
/// @param embeddingModel the store's; null when it is searched by BM25 alone
/// @param stage the last stage that is done
public record Attachment(
        AttachmentId id,
        String filename,
        String contentType,
        long bytes,
        Stage stage,
        int maxChunkSizeTokens,
        int chunkOverlapTokens,
        @Nullable String embeddingModel) {

    /// The checkpoints of an ingestion, in order; stored in lower case.
    public enum Stage {
        QUEUED,
        PARSED,
        CHUNKED,
        EMBEDDED,
        INDEXED
    }
}

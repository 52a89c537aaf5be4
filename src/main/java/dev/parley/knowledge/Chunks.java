package dev.parley.knowledge;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file's chunks in a store and the indexes over them. Every call is one stage's step and leaves a checkpoint; each
/// may be repeated without harm. Writes join the caller's transaction.
@ApplicationScoped
public class Chunks {

    /// @param heading the headings above the chunk, outermost first, joined by ` › `; empty when there are none
    /// @param tokens of heading and text by the embedding model's tokenizer
    public record NewChunk(
            String text, String heading, @Nullable Integer page, int tokens) {}

    /// @param input heading and text as they are embedded
    public record Unembedded(long chunkId, byte[] sha256, String input) {}

    public record Embedded(long chunkId, byte[] sha256, float[] vector) {}

    /// Replaces the file's chunks by these and moves to stage `CHUNKED`.
    public void replace(AttachmentId id, List<NewChunk> chunks) {
        throw new UnsupportedOperationException();
    }

    /// Gives chunks whose text this tenant has embedded before, with this model, that vector: unchanged content costs
    /// nothing. Returns how many.
    public int reuseEmbeddings(AttachmentId id, String model) {
        throw new UnsupportedOperationException();
    }

    /// The next chunks without a vector, in order; empty when all have one.
    public List<Unembedded> unembedded(AttachmentId id, String model, int limit) {
        throw new UnsupportedOperationException();
    }

    public void saveEmbeddings(AttachmentId id, String model, List<Embedded> embeddings) {
        throw new UnsupportedOperationException();
    }

    /// Moves to stage `EMBEDDED`.
    public void markEmbedded(AttachmentId id) {
        throw new UnsupportedOperationException();
    }

    /// Writes the postings and completes the ingestion: from this commit on the file is found.
    public void index(AttachmentId id) {
        throw new UnsupportedOperationException();
    }
}

package dev.parley.ingestion;

import dev.parley.job.Lease;
import dev.parley.knowledge.Attachment;
import dev.parley.knowledge.Chunks;
import dev.parley.knowledge.Chunks.NewChunk;
import dev.parley.model.EmbeddingModels;
import dev.parley.postgres.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// From a document to chunks that the store's embedding model can read. Chunks like ones that were embedded before
/// take their vectors in the same transaction: unchanged content costs nothing.
@ApplicationScoped
class ChunkStage {

    private final ParseStage parsing;
    private final Chunks chunks;
    private final EmbeddingModels models;
    private final Json json;

    ChunkStage(ParseStage parsing, Chunks chunks, EmbeddingModels models, Json json) {
        this.parsing = parsing;
        this.chunks = chunks;
        this.models = models;
        this.json = json;
    }

    void run(Attachment attachment, Lease lease) {
        Document document = json.read(parsing.document(attachment), Document.class);
        List<NewChunk> cut = Chunker.chunk(document, tokenizer(attachment), size(attachment));
        lease.runInTransaction(_ -> {
            chunks.replace(attachment.id(), cut);
            if (attachment.embeddingModel() != null) {
                chunks.reuseEmbeddings(attachment.id(), attachment.embeddingModel());
            }
        });
    }

    private TokenCounter tokenizer(Attachment attachment) {
        String model = attachment.embeddingModel();
        return model == null ? ApproximateTokens::count : text -> models.countTokens(model, text);
    }

    private ChunkSize size(Attachment attachment) {
        String model = attachment.embeddingModel();
        int limit = model == null ? Integer.MAX_VALUE : models.info(model).maxInputTokens();
        return ChunkSize.within(limit, attachment.maxChunkSizeTokens(), attachment.chunkOverlapTokens());
    }
}

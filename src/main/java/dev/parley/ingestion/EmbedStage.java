package dev.parley.ingestion;

import dev.parley.invocation.Deadline;
import dev.parley.job.Lease;
import dev.parley.knowledge.Attachment;
import dev.parley.knowledge.AttachmentId;
import dev.parley.knowledge.Attachments;
import dev.parley.knowledge.Chunks;
import dev.parley.knowledge.Chunks.Embedded;
import dev.parley.knowledge.Chunks.Unembedded;
import dev.parley.model.EmbeddingModels;
import dev.parley.postgres.TenantId;
import dev.parley.usage.Payer;
import dev.parley.usage.Purse;
import dev.parley.usage.Purses;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.IntStream;

/// From chunks to vectors, batch by batch; no connection is held while the model computes. A store without a model
/// has nothing to embed.
@ApplicationScoped
class EmbedStage {

    private final Attachments attachments;
    private final Chunks chunks;
    private final EmbeddingModels models;
    private final Purses purses;
    private final IngestionConfig config;

    EmbedStage(Attachments attachments, Chunks chunks, EmbeddingModels models, Purses purses, IngestionConfig config) {
        this.attachments = attachments;
        this.chunks = chunks;
        this.models = models;
        this.purses = purses;
        this.config = config;
    }

    void run(Attachment attachment, Lease lease) {
        AttachmentId id = attachment.id();
        if (attachment.embeddingModel() != null) {
            embed(id, attachment.embeddingModel(), lease);
        }
        lease.runInTransaction(_ -> chunks.markEmbedded(id));
    }

    private void embed(AttachmentId id, String model, Lease lease) {
        List<Unembedded> batch = chunks.unembedded(id, model, config.embeddingBatch());
        while (!batch.isEmpty() && attachments.inProgress(id).isPresent()) {
            List<Embedded> embedded = embed(id.tenant(), batch, model);
            lease.runInTransaction(_ -> chunks.saveEmbeddings(id, model, embedded));
            batch = chunks.unembedded(id, model, config.embeddingBatch());
        }
    }

    /// The tenant pays. The job's worker is told when its time is up, so what a call has cost is settled before. A
    /// budget that does not allow it fails the attempt, and a later one may pass.
    private List<Embedded> embed(TenantId tenant, List<Unembedded> batch, String model) {
        List<String> texts = batch.stream().map(Unembedded::input).toList();
        List<float[]> vectors;
        try (Purse purse = purses.open(Payer.of(tenant), Deadline.NONE)) {
            vectors = models.embedDocuments(model, texts, purse).vectors();
        }
        return IntStream.range(0, batch.size())
                .mapToObj(i -> new Embedded(batch.get(i).chunkId(), batch.get(i).sha256(), vectors.get(i)))
                .toList();
    }
}

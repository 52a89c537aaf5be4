package dev.parley.ingestion;

import dev.parley.job.Job;
import dev.parley.job.JobFailure;
import dev.parley.job.JobHandler;
import dev.parley.job.Lease;
import dev.parley.job.LeaseLost;
import dev.parley.knowledge.Attachment;
import dev.parley.knowledge.AttachmentId;
import dev.parley.knowledge.Attachments;
import dev.parley.knowledge.Attachments.FailureCode;
import dev.parley.knowledge.Chunks;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Takes a file through the stages, from wherever its last run came to. Each stage commits its result and its
/// checkpoint together, so a stage is done or not, and never half or twice.
@ApplicationScoped
class IngestionHandler implements JobHandler {

    private final Attachments attachments;
    private final Chunks chunks;
    private final ParseStage parsing;
    private final ChunkStage chunking;
    private final EmbedStage embedding;
    private final List<AfterIndexing> afterwards;
    private final Duration stageTimeout;

    IngestionHandler(
            Attachments attachments,
            Chunks chunks,
            ParseStage parsing,
            ChunkStage chunking,
            EmbedStage embedding,
            @All List<AfterIndexing> afterwards,
            IngestionConfig config) {
        this.attachments = attachments;
        this.chunks = chunks;
        this.parsing = parsing;
        this.chunking = chunking;
        this.embedding = embedding;
        this.afterwards = afterwards;
        this.stageTimeout = config.stageTimeout();
    }

    @Override
    public String kind() {
        return IngestionJobs.KIND;
    }

    @Override
    public void run(Job job, Lease lease) {
        AttachmentId id = IngestionJobs.attachment(job);
        Optional<Attachment> attachment = attachments.inProgress(id);
        while (attachment.isPresent()) {
            advance(attachment.get(), lease);
            attachment = attachments.inProgress(id);
        }
    }

    private void advance(Attachment attachment, Lease lease) {
        Stage stage = Stage.after(attachment.stage());
        lease.enter(stage.word(), stageTimeout);
        try {
            switch (stage) {
                case PARSE -> parsing.run(attachment, lease);
                case CHUNK -> chunking.run(attachment, lease);
                case EMBED -> embedding.run(attachment, lease);
                case INDEX -> lease.runInTransaction(_ -> index(attachment.id()));
            }
        } catch (JobFailure | LeaseLost known) {
            throw known;
        } catch (RuntimeException | Error failure) {
            throw JobFailure.passing(stage.word(), failure);
        }
    }

    /// From this commit on the file is found, and what it replaces is not.
    private void index(AttachmentId id) {
        if (chunks.index(id)) {
            afterwards.forEach(each -> each.indexed(id));
        }
    }

    private enum Stage {
        PARSE,
        CHUNK,
        EMBED,
        INDEX;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Stage after(Attachment.Stage done) {
            return switch (done) {
                case QUEUED -> PARSE;
                case PARSED -> CHUNK;
                case CHUNKED -> EMBED;
                case EMBEDDED -> INDEX;
                case INDEXED -> throw new IllegalStateException("An indexed file is not in progress");
            };
        }
    }

    @Override
    public void buried(Job job, JobFailure failure) {
        FailureCode code = failure instanceof IngestionFailure known ? known.code() : FailureCode.SERVER_ERROR;
        attachments.fail(IngestionJobs.attachment(job), code, failure.reason());
    }

    @Override
    public void redriven(Job job) {
        attachments.reopen(IngestionJobs.attachment(job));
    }
}

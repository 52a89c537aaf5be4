package dev.parley.ingestion;

import dev.parley.job.Backlog;
import dev.parley.job.Job;
import dev.parley.job.Jobs;
import dev.parley.knowledge.AttachmentId;
import dev.parley.knowledge.FileId;
import dev.parley.knowledge.IngestionQueue;
import dev.parley.knowledge.VectorStoreId;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/// One job for each file in a vector store.
@ApplicationScoped
class IngestionJobs implements IngestionQueue {

    static final String KIND = "ingestion";
    private static final String SEPARATOR = "/";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    private final Jobs jobs;
    private final Backlog backlog;
    private final IngestionConfig config;

    IngestionJobs(Jobs jobs, Backlog backlog, IngestionConfig config) {
        this.jobs = jobs;
        this.backlog = backlog;
        this.config = config;
    }

    /// What waits is counted when more is to come, in one indexed query that stops at the limit.
    @Override
    public void checkRoom(TenantId tenant) {
        Backlog.Waiting waiting = backlog.of(tenant, KIND, config.mostWaiting());
        if (waiting.depth() >= config.mostWaiting() || waiting.age().compareTo(config.longestWait()) > 0) {
            throw Problem.passing(
                    ProblemKind.RATE_LIMITED,
                    "ingestion_queue_full",
                    "%d files of yours wait to be ingested, the first for %d minutes. Please send more when fewer do."
                            .formatted(waiting.depth(), waiting.age().toMinutes()),
                    RETRY_AFTER);
        }
    }

    @Override
    public void request(AttachmentId attachment) {
        jobs.add(attachment.tenant(), KIND, subject(attachment));
    }

    static String subject(AttachmentId attachment) {
        return attachment.vectorStore() + SEPARATOR + attachment.file();
    }

    static AttachmentId attachment(Job job) {
        return attachment(job.tenant(), job.subject());
    }

    static AttachmentId attachment(TenantId tenant, String subject) {
        String[] parts = subject.split(SEPARATOR, 2);
        return new AttachmentId(tenant, VectorStoreId.parse(parts[0]), FileId.parse(parts[1]));
    }
}

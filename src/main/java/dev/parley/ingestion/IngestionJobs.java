package dev.parley.ingestion;

import dev.parley.job.Job;
import dev.parley.job.Jobs;
import dev.parley.knowledge.AttachmentId;
import dev.parley.knowledge.FileId;
import dev.parley.knowledge.IngestionQueue;
import dev.parley.knowledge.VectorStoreId;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;

/// One job for each file in a vector store.
@ApplicationScoped
class IngestionJobs implements IngestionQueue {

    static final String KIND = "ingestion";
    private static final String SEPARATOR = "/";

    private final Jobs jobs;

    IngestionJobs(Jobs jobs) {
        this.jobs = jobs;
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

package dev.parley.knowledge;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;

/// Takes new content in, to the storage that is configured.
@ApplicationScoped
class ContentIntake implements FileStorage {

    private final FileStorage storage;

    ContentIntake(PostgresStorage postgres, S3Storage s3, KnowledgeConfig config) {
        this.storage = config.files().bucket().isPresent() ? s3 : postgres;
    }

    @Override
    public Staged stage(ContentOwner owner, Path content, String contentType) {
        return storage.stage(owner, content, contentType);
    }
}

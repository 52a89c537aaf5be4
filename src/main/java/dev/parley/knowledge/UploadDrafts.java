package dev.parley.knowledge;

import dev.parley.aws.ObjectName;
import dev.parley.aws.ObjectStore;
import dev.parley.aws.ObjectStore.Presigned;
import dev.parley.idempotency.NotCompared;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes of a request what an upload will be. Where files are in S3, its whole content may be put there at once.
@ApplicationScoped
class UploadDrafts {

    private final KnowledgeConfig config;
    private final S3Storage s3;
    private final ObjectStore objects;
    private final Clock clock;

    UploadDrafts(KnowledgeConfig config, S3Storage s3, ObjectStore objects, Clock clock) {
        this.config = config;
        this.s3 = s3;
        this.objects = objects;
        this.clock = clock;
    }

    /// An upload that is not stored yet.
    ///
    /// @param put how its content may be put to S3; null where files are in the database
    record Draft(Upload upload, @Nullable Presigned put) implements NotCompared {}

    Draft draft(TenantId tenant, UploadRequest request) {
        NewFile.checkPurpose(request.purpose());
        NewFile.checkSize(request.bytes(), config.maxUploadSize().asLongValue());
        UUID id = Ids.next();
        String filename = Filename.sanitise(request.filename());
        String contentType = Filename.contentType(filename, request.mimeType());
        if (config.files().bucket().isEmpty()) {
            return new Draft(upload(tenant, id, request, new Place(filename, contentType, null)), null);
        }
        ObjectName object = s3.name(tenant, Ids.format(Upload.PREFIX, id));
        Presigned put = objects.presignPut(object, request.bytes(), s3.keeping(contentType), config.uploadTime());
        return new Draft(upload(tenant, id, request, new Place(filename, contentType, object)), put);
    }

    private record Place(
            String filename, String contentType, @Nullable ObjectName object) {}

    private Upload upload(TenantId tenant, UUID id, UploadRequest request, Place place) {
        Instant now = clock.instant();
        var life = request.expiresAfter();
        return new Upload(
                tenant,
                id,
                place.filename,
                request.purpose(),
                place.contentType,
                request.bytes(),
                life == null ? null : Duration.ofSeconds(life.seconds()),
                Upload.Status.PENDING,
                place.object == null ? null : place.object.toString(),
                null,
                now,
                now.plus(config.uploadTime()));
    }
}

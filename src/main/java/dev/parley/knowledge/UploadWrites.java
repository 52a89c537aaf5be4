package dev.parley.knowledge;

import dev.parley.aws.ObjectName;
import dev.parley.idempotency.Idempotent;
import dev.parley.idempotency.NotCompared;
import dev.parley.identity.Callers;
import dev.parley.knowledge.UploadAssembly.Assembled;
import dev.parley.knowledge.UploadDrafts.Draft;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jboss.resteasy.reactive.multipart.FileUpload;

/// What changes uploads, once for each `Idempotency-Key`. Whatever waits for content has done so before.
@ApplicationScoped
class UploadWrites {

    /// The object that a client may put outlives its URL by more than the slowest request that began in time: what
    /// arrived after its deletion would stay for ever.
    private static final Duration MARGIN = Duration.ofDays(1);

    private final Uploads uploads;
    private final Files files;
    private final LooseObjects loose;
    private final Transactions transactions;
    private final IngestionQueue queue;
    private final Callers callers;
    private final Clock clock;

    UploadWrites(
            Uploads uploads,
            Files files,
            LooseObjects loose,
            IngestionQueue queue,
            Transactions transactions,
            Callers callers,
            Clock clock) {
        this.uploads = uploads;
        this.files = files;
        this.loose = loose;
        this.queue = queue;
        this.transactions = transactions;
        this.callers = callers;
        this.clock = clock;
    }

    @Idempotent
    UploadObject create(Draft draft, UploadRequest request) {
        Upload upload = draft.upload();
        if (NewFile.isForRetrieval(request.purpose())) {
            queue.checkRoom(upload.tenant());
        }
        transactions.runInTenant(upload.tenant(), connection -> {
            uploads.create(connection, upload);
            announce(connection, upload);
        });
        return UploadObject.of(upload, null, draft.put() == null ? null : UploadObject.Extension.of(draft.put()));
    }

    private void announce(Connection connection, Upload upload) throws SQLException {
        if (upload.location() != null) {
            loose.announce(
                    connection,
                    upload.tenant(),
                    ObjectName.parse(upload.location()),
                    Duration.between(upload.createdAt(), upload.expiresAt()).plus(MARGIN));
        }
    }

    /// A part whose content was taken in.
    ///
    /// @param part empty when the upload was over already
    record Taken(Optional<Uploads.Part> part) implements NotCompared {}

    @Idempotent
    UploadPart addPart(Taken taken, String id, FileUpload data) {
        TenantId tenant = callers.current().tenant();
        return transactions.inTenant(tenant, connection -> {
            Upload upload = uploads.lock(connection, tenant, Upload.parse(id));
            Uploads.Part part = taken.part.orElseThrow();
            uploads.addPart(connection, upload, part);
            return UploadPart.of(part.id(), upload.id(), clock.instant());
        });
    }

    @Idempotent
    UploadObject complete(Assembled assembled, String id, UploadRequest.Complete request) {
        TenantId tenant = callers.current().tenant();
        return transactions.inTenant(tenant, connection -> {
            Upload upload = uploads.lock(connection, tenant, Upload.parse(id));
            StoredFile file = files.store(tenant, assembled.file().orElseThrow());
            uploads.end(connection, upload, Upload.Status.COMPLETED, Optional.of(file.fileId()));
            return UploadObject.of(uploads.get(tenant, upload.id()), FileObject.of(file), null);
        });
    }

    @Idempotent
    UploadObject cancel(String id) {
        TenantId tenant = callers.current().tenant();
        return transactions.inTenant(tenant, connection -> {
            Upload upload = uploads.lock(connection, tenant, Upload.parse(id));
            uploads.end(connection, upload, Upload.Status.CANCELLED, Optional.empty());
            return UploadObject.of(uploads.get(tenant, upload.id()));
        });
    }
}

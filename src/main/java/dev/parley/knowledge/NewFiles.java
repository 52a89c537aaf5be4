package dev.parley.knowledge;

import dev.parley.idempotency.Idempotent;
import dev.parley.identity.Callers;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/// Makes an uploaded file once for each `Idempotency-Key`.
@ApplicationScoped
class NewFiles {

    private final Files files;
    private final IngestionQueue queue;
    private final Callers callers;

    NewFiles(Files files, IngestionQueue queue, Callers callers) {
        this.files = files;
        this.queue = queue;
        this.callers = callers;
    }

    /// @param prepared of what follows, which is the request as it was sent
    @Idempotent
    FileObject create(
            Files.Prepared prepared,
            FileUpload file,
            String purpose,
            @Nullable String anchor,
            @Nullable String seconds) {
        TenantId tenant = callers.current().tenant();
        if (NewFile.isForRetrieval(purpose)) {
            queue.checkRoom(tenant);
        }
        return FileObject.of(files.store(tenant, prepared));
    }
}

package dev.parley.knowledge;

import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/// `/v1/uploads`: OpenAI's Uploads API, for files that do not fit into one request. Content is taken in, or put
/// together, before the transaction of an `Idempotency-Key` begins.
@Path("/v1/uploads")
@RolesAllowed(Scopes.KNOWLEDGE)
@RunOnVirtualThread
class UploadsResource {

    /// OpenAI's.
    private static final long MAX_PART = 64L * 1024 * 1024;

    private final UploadDrafts drafts;
    private final Uploads uploads;
    private final UploadAssembly assembly;
    private final UploadWrites writes;
    private final ContentIntake intake;
    private final Callers callers;

    UploadsResource(
            UploadDrafts drafts,
            Uploads uploads,
            UploadAssembly assembly,
            UploadWrites writes,
            ContentIntake intake,
            Callers callers) {
        this.drafts = drafts;
        this.uploads = uploads;
        this.assembly = assembly;
        this.writes = writes;
        this.intake = intake;
        this.callers = callers;
    }

    @POST
    public UploadObject create(@NotNull @Valid UploadRequest request) {
        return writes.create(drafts.draft(tenant(), request), request);
    }

    @POST
    @Path("/{id}/parts")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public UploadPart addPart(@RestPath String id, @RestForm("data") @Nullable FileUpload data) {
        if (data == null) {
            throw Problem.missing("data");
        }
        if (data.size() == 0) {
            throw Problem.invalid("data", "The part is empty.");
        }
        NewFile.checkSize(data.size(), MAX_PART);
        return writes.addPart(take(uploads.get(tenant(), Upload.parse(id)), data), id, data);
    }

    private UploadWrites.Taken take(Upload upload, FileUpload data) {
        if (!upload.isPending()) {
            return new UploadWrites.Taken(Optional.empty());
        }
        UUID part = Ids.next();
        FileStorage.Staged content = intake.stage(
                ContentOwner.part(upload.tenant(), part), data.uploadedFile(), MediaType.APPLICATION_OCTET_STREAM);
        return new UploadWrites.Taken(Optional.of(new Uploads.Part(part, data.size(), content)));
    }

    @POST
    @Path("/{id}/complete")
    public UploadObject complete(@RestPath String id, @Valid UploadRequest.@Nullable Complete body) {
        UploadRequest.Complete request = body == null ? UploadRequest.Complete.EMPTY : body;
        try (var assembled = assembly.assemble(uploads.get(tenant(), Upload.parse(id)), request)) {
            return writes.complete(assembled, id, request);
        }
    }

    @POST
    @Path("/{id}/cancel")
    public UploadObject cancel(@RestPath String id) {
        return writes.cancel(id);
    }

    private TenantId tenant() {
        return callers.current().tenant();
    }
}

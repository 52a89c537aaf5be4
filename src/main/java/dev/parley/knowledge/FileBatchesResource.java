package dev.parley.knowledge;

import dev.parley.api.Page;
import dev.parley.idempotency.Idempotent;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.postgres.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/vector_stores/{id}/file_batches`: many files into a store at once.
@Path("/v1/vector_stores/{store}/file_batches")
@RolesAllowed(Scopes.KNOWLEDGE)
@RunOnVirtualThread
class FileBatchesResource {

    private final VectorStores stores;
    private final FileBatches batches;
    private final VectorStoreFiles files;
    private final NewAttachments newAttachments;
    private final Callers callers;

    FileBatchesResource(
            VectorStores stores,
            FileBatches batches,
            VectorStoreFiles files,
            NewAttachments newAttachments,
            Callers callers) {
        this.stores = stores;
        this.batches = batches;
        this.files = files;
        this.newAttachments = newAttachments;
        this.callers = callers;
    }

    @POST
    @Idempotent
    public FileBatch create(@RestPath String store, @NotNull @Valid AttachRequest.Batch request) {
        TenantId tenant = callers.current().tenant();
        VectorStoreId id = stores.get(tenant, VectorStoreId.parse(store)).storeId();
        List<NewAttachment> attachments = newAttachments.ofBatch(request);
        return batches.create(tenant, id, attachments);
    }

    @GET
    @Path("/{batch}")
    public FileBatch get(@RestPath String store, @RestPath String batch) {
        return batches.get(callers.current().tenant(), VectorStoreId.parse(store), batch);
    }

    @POST
    @Path("/{batch}/cancel")
    public FileBatch cancel(@RestPath String store, @RestPath String batch) {
        return batches.cancel(callers.current().tenant(), VectorStoreId.parse(store), batch);
    }

    @GET
    @Path("/{batch}/files")
    public Page<AttachedFile> files(
            @RestPath String store,
            @RestPath String batch,
            @RestQuery("filter") @Nullable String status,
            @RestQuery @Nullable String after,
            @RestQuery @Nullable String before,
            @RestQuery @DefaultValue("20") int limit,
            @RestQuery @DefaultValue("desc") String order) {
        Cursors.refuseBefore(before);
        TenantId tenant = callers.current().tenant();
        VectorStoreId id = VectorStoreId.parse(store);
        batches.get(tenant, id, batch);
        int size = Page.checkLimit(limit);
        FileId cursor = after == null ? null : FileId.cursor(after);
        var query = new AttachedFileQuery(
                tenant, id, FileBatch.parse(batch), status, cursor, size, Page.isAscending(order));
        return Page.of(this.files.list(query), size, file -> file, AttachedFile::id);
    }
}

package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.api.Deleted;
import dev.parley.api.Page;
import dev.parley.idempotency.Idempotent;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.postgres.Json;
import dev.parley.postgres.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/vector_stores/{id}/files`: the files of a store.
@Path("/v1/vector_stores/{store}/files")
@RolesAllowed(Scopes.KNOWLEDGE)
@RunOnVirtualThread
class VectorStoreFilesResource {

    private final VectorStores stores;
    private final VectorStoreFiles files;
    private final NewAttachments newAttachments;
    private final Removal removal;
    private final Callers callers;
    private final Json json;

    VectorStoreFilesResource(
            VectorStores stores,
            VectorStoreFiles files,
            NewAttachments newAttachments,
            Removal removal,
            Callers callers,
            Json json) {
        this.stores = stores;
        this.files = files;
        this.newAttachments = newAttachments;
        this.removal = removal;
        this.callers = callers;
        this.json = json;
    }

    /// The text of a file as it was parsed and cut.
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ContentPage(
            String object,
            List<TextContent> data,
            @JsonProperty("has_more") boolean hasMore,
            @JsonProperty("next_page") @Nullable String nextPage) {}

    @POST
    @Idempotent
    public AttachedFile attach(@RestPath String store, @NotNull @Valid AttachRequest request) {
        TenantId tenant = callers.current().tenant();
        VectorStoreId id = stores.get(tenant, VectorStoreId.parse(store)).storeId();
        NewAttachment attachment = newAttachments.ofFile(request);
        files.attach(tenant, id, null, List.of(attachment));
        return files.get(new AttachmentId(tenant, id, attachment.file()));
    }

    @GET
    public Page<AttachedFile> list(
            @RestPath String store,
            @RestQuery("filter") @Nullable String status,
            @RestQuery @Nullable String after,
            @RestQuery @Nullable String before,
            @RestQuery @DefaultValue("20") int limit,
            @RestQuery @DefaultValue("desc") String order) {
        Cursors.refuseBefore(before);
        TenantId tenant = callers.current().tenant();
        VectorStoreId id = stores.get(tenant, VectorStoreId.parse(store)).storeId();
        int size = Page.checkLimit(limit);
        FileId cursor = after == null ? null : FileId.cursor(after);
        var query = new AttachedFileQuery(tenant, id, null, status, cursor, size, Page.isAscending(order));
        return Page.of(files.list(query), size, file -> file, AttachedFile::id);
    }

    @GET
    @Path("/{file}")
    public AttachedFile get(@RestPath String store, @RestPath String file) {
        return files.get(id(store, file));
    }

    @POST
    @Path("/{file}")
    public AttachedFile modify(
            @RestPath String store, @RestPath String file, @NotNull @Valid AttachRequest.Change change) {
        return files.setAttributes(
                id(store, file), json.write(FileAttributes.check("attributes", change.attributes())));
    }

    @DELETE
    @Path("/{file}")
    public Deleted detach(@RestPath String store, @RestPath String file) {
        removal.attachment(id(store, file));
        return new Deleted(file, "vector_store.file.deleted", true);
    }

    @GET
    @Path("/{file}/content")
    public ContentPage content(@RestPath String store, @RestPath String file) {
        List<TextContent> texts =
                files.texts(id(store, file)).stream().map(TextContent::of).toList();
        return new ContentPage("vector_store.file_content.page", texts, false, null);
    }

    private AttachmentId id(String store, String file) {
        return new AttachmentId(callers.current().tenant(), VectorStoreId.parse(store), FileId.parse(file));
    }
}

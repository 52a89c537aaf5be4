package dev.parley.knowledge;

import dev.parley.api.Deleted;
import dev.parley.api.Page;
import dev.parley.idempotency.Idempotent;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.knowledge.VectorStoreRequest.Change;
import dev.parley.postgres.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/vector_stores`: OpenAI's vector stores.
@Path("/v1/vector_stores")
@RolesAllowed(Scopes.KNOWLEDGE)
@RunOnVirtualThread
class VectorStoresResource {

    private final VectorStores stores;
    private final StoreEditing editing;
    private final StoreViews views;
    private final Removal removal;
    private final Callers callers;

    VectorStoresResource(
            VectorStores stores, StoreEditing editing, StoreViews views, Removal removal, Callers callers) {
        this.stores = stores;
        this.editing = editing;
        this.views = views;
        this.removal = removal;
        this.callers = callers;
    }

    @POST
    @Idempotent
    public VectorStoreObject create(@Valid @Nullable VectorStoreRequest request) {
        TenantId tenant = callers.current().tenant();
        return views.view(tenant, editing.create(tenant, request == null ? VectorStoreRequest.EMPTY : request));
    }

    @GET
    public Page<VectorStoreObject> list(
            @RestQuery @Nullable String after,
            @RestQuery @Nullable String before,
            @RestQuery @DefaultValue("20") int limit,
            @RestQuery @DefaultValue("desc") String order) {
        Cursors.refuseBefore(before);
        TenantId tenant = callers.current().tenant();
        int size = Page.checkLimit(limit);
        VectorStoreId cursor = after == null ? null : VectorStoreId.cursor(after);
        return views.page(tenant, stores.list(tenant, cursor, size, Page.isAscending(order)), size);
    }

    @GET
    @Path("/{id}")
    public VectorStoreObject get(@RestPath String id) {
        TenantId tenant = callers.current().tenant();
        return views.view(tenant, stores.get(tenant, VectorStoreId.parse(id)));
    }

    @POST
    @Path("/{id}")
    public VectorStoreObject modify(@RestPath String id, @NotNull @Valid Change change) {
        TenantId tenant = callers.current().tenant();
        return views.view(tenant, editing.modify(tenant, VectorStoreId.parse(id), change));
    }

    @DELETE
    @Path("/{id}")
    public Deleted delete(@RestPath String id) {
        removal.vectorStore(callers.current().tenant(), VectorStoreId.parse(id));
        return new Deleted(id, "vector_store.deleted", true);
    }
}

package dev.parley.ingestion.source;

import dev.parley.api.Deleted;
import dev.parley.api.Page;
import dev.parley.idempotency.Idempotent;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.knowledge.SourceFiles;
import dev.parley.knowledge.VectorStoreId;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/vector_stores/{id}/bindings`: prefixes of buckets whose objects the store has.
@Path("/v1/vector_stores/{store}/bindings")
@RolesAllowed(Scopes.KNOWLEDGE)
@RunOnVirtualThread
class BindingsResource {

    private final Bindings bindings;
    private final BoundObjects objects;
    private final SourceFiles files;
    private final Callers callers;

    BindingsResource(Bindings bindings, BoundObjects objects, SourceFiles files, Callers callers) {
        this.bindings = bindings;
        this.objects = objects;
        this.files = files;
        this.callers = callers;
    }

    /// The body that binds a prefix.
    @RegisterForReflection
    record Request(
            @NotNull @Size(min = 3, max = 63) String bucket,
            @NotNull @Size(max = 1024) String prefix) {}

    @POST
    @Idempotent
    public Binding.View create(@RestPath String store, @NotNull @Valid Request request) {
        if (request.prefix.indexOf('\0') >= 0 || request.bucket.indexOf('\0') >= 0) {
            throw Problem.invalid("prefix", "Bucket and prefix hold no NUL.");
        }
        return Binding.View.of(bindings.create(tenant(), store(store), request.bucket, request.prefix));
    }

    @GET
    public Page<Binding.View> list(
            @RestPath String store,
            @RestQuery @Nullable String after,
            @RestQuery @DefaultValue("desc") String order,
            @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        UUID cursor = Ids.cursor(Binding.PREFIX, after, "a binding");
        return Page.of(
                bindings.list(tenant(), store(store), cursor, Page.isAscending(order), size + 1),
                size,
                Binding.View::of,
                Binding.View::id);
    }

    @GET
    @Path("/{binding}")
    public Binding.View get(@RestPath String store, @RestPath String binding) {
        return Binding.View.of(binding(store, binding));
    }

    /// The objects that were heard of, by their keys.
    ///
    /// @param after the last key of the page before
    @GET
    @Path("/{binding}/objects")
    public Page<BoundObject.View> objects(
            @RestPath String store,
            @RestPath String binding,
            @RestQuery @DefaultValue("") String after,
            @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        return Page.of(
                objects.list(binding(store, binding), after, size + 1),
                size,
                BoundObject.View::of,
                BoundObject.View::key);
    }

    @DELETE
    @Path("/{binding}")
    public Deleted delete(@RestPath String store, @RestPath String binding) {
        bindings.delete(tenant(), store(store), Binding.parse(binding));
        return new Deleted(binding, "vector_store.binding.deleted", true);
    }

    private Binding binding(String store, String binding) {
        return bindings.get(tenant(), store(store), Binding.parse(binding));
    }

    private VectorStoreId store(String store) {
        return files.requireStore(tenant(), store);
    }

    private TenantId tenant() {
        return callers.current().tenant();
    }
}

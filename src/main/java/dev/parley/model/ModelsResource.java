package dev.parley.model;

import dev.parley.identity.Scopes;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;

/// `/v1/models`: the catalog as clients see it.
@Path("/v1/models")
@RolesAllowed(Scopes.CHAT)
@RunOnVirtualThread
class ModelsResource {

    private final Catalog catalog;

    ModelsResource(Catalog catalog) {
        this.catalog = catalog;
    }

    @RegisterForReflection
    record ModelList(String object, List<ModelView> data) {}

    @GET
    public ModelList list() {
        return new ModelList("list", catalog.all());
    }

    /// An alias may hold slashes, as vendors' own names do.
    @GET
    @Path("/{id:.+}")
    public ModelView get(@RestPath String id) {
        return catalog.view(id).orElseThrow(() -> Catalog.notFound(id));
    }
}

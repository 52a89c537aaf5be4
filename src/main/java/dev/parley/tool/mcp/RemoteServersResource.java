package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.Deleted;
import dev.parley.api.JsonField;
import dev.parley.api.Page;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.postgres.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.Set;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/// `/v1/mcp_servers`: a tenant's admin says which remote servers' tools may be used, and looks at what they say of
/// them.
///
/// None of it takes an `Idempotency-Key`: servers are asked, which no transaction can wait for. A label makes sure that
/// what is sent twice has one effect.
@Path("/v1/mcp_servers")
@RolesAllowed(Scopes.ADMIN)
@RunOnVirtualThread
class RemoteServersResource {

    private static final int MAX_HASH = 64;

    private final RemoteServers servers;
    private final PinnedTools tools;
    private final Offers offers;
    private final RegistrationReader reader;
    private final Callers callers;

    RemoteServersResource(
            RemoteServers servers, PinnedTools tools, Offers offers, RegistrationReader reader, Callers callers) {
        this.servers = servers;
        this.tools = tools;
        this.offers = offers;
        this.reader = reader;
        this.callers = callers;
    }

    @POST
    public RemoteServerView create(@NotNull JsonNode body) {
        RemoteServer server = reader.create(JsonField.root(body));
        servers.create(tenant(), server, offers.of(server));
        return get(server.label());
    }

    @GET
    public Page<RemoteServerView> list(
            @RestQuery @DefaultValue("") String after, @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        return Page.of(
                servers.list(tenant(), after, size + 1),
                size,
                registered -> RemoteServerView.of(registered, null),
                RemoteServerView::label);
    }

    @GET
    @Path("/{label}")
    public RemoteServerView get(@RestPath String label) {
        return RemoteServerView.of(servers.get(tenant(), label), tools.list(tenant(), label));
    }

    /// Changes what is mentioned.
    @POST
    @Path("/{label}")
    public RemoteServerView change(@RestPath String label, @NotNull JsonNode body) {
        JsonField request = JsonField.root(body);
        RemoteServer changed = reader.change(servers.get(tenant(), label).server(), request);
        servers.change(tenant(), changed, RegistrationReader.leadsElsewhere(request) ? offers.of(changed) : null);
        return get(label);
    }

    @POST
    @Path("/{label}/refresh")
    public RemoteServerView refresh(@RestPath String label) {
        servers.refresh(tenant(), label, offers.of(servers.get(tenant(), label).server()));
        return get(label);
    }

    /// Takes what a server says of a tool by now: exactly what whoever accepts it looked at.
    @POST
    @Path("/{label}/tools/{tool}/accept")
    public RemoteServerView accept(@RestPath String label, @RestPath String tool, @NotNull JsonNode body) {
        JsonField hash = JsonField.root(body).allowOnly(Set.of("hash")).get("hash");
        tools.accept(tenant(), servers.get(tenant(), label).server().label(), tool, hash.text(MAX_HASH));
        return get(label);
    }

    @DELETE
    @Path("/{label}")
    public Deleted delete(@RestPath String label) {
        servers.delete(tenant(), label);
        return new Deleted(label, "mcp_server.deleted", true);
    }

    private TenantId tenant() {
        return callers.current().tenant();
    }
}

package dev.parley.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.api.Page;
import dev.parley.idempotency.Idempotent;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/tenants`: those who run this installation make, suspend and resume tenants.
@Path("/v1/tenants")
@RolesAllowed(Scopes.OPERATOR)
@RunOnVirtualThread
class TenantsResource {

    private final Tenants tenants;
    private final ApiKeys keys;
    private final KeyAuthentication authentication;
    private final Transactions transactions;

    TenantsResource(Tenants tenants, ApiKeys keys, KeyAuthentication authentication, Transactions transactions) {
        this.tenants = tenants;
        this.keys = keys;
        this.authentication = authentication;
        this.transactions = transactions;
    }

    @RegisterForReflection
    record NewTenant(@NotBlank @Size(max = 200) String name) {}

    /// @param adminKey the tenant's first key; its secret is shown this once
    @RegisterForReflection
    record CreatedTenant(
            String object,
            String id,
            String name,
            String status,
            @JsonProperty("created_at") long createdAt,
            @JsonProperty("admin_key") ApiKeyView adminKey) {}

    @POST
    @Idempotent
    public CreatedTenant create(@NotNull @Valid NewTenant request) {
        var id = new TenantId(Ids.next());
        ApiKeySecret secret = ApiKeySecret.generate();
        return transactions.asTenant(id, _ -> create(id, request.name(), secret));
    }

    private CreatedTenant create(TenantId id, String name, ApiKeySecret secret) {
        Tenant tenant = tenants.create(id, name);
        ApiKey key = keys.create(id, secret, NewApiKey.admin("First admin key"));
        return new CreatedTenant(
                tenant.object(),
                tenant.id(),
                tenant.name(),
                tenant.status(),
                tenant.createdAt(),
                ApiKeyView.created(key, secret));
    }

    @GET
    public Page<Tenant> list(@RestQuery @Nullable String after, @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        UUID cursor = Ids.cursor(TenantId.PREFIX, after, "a tenant");
        return Page.of(tenants.list(cursor, size + 1), size, tenant -> tenant, Tenant::id);
    }

    @POST
    @Path("/{id}/suspend")
    public Tenant suspend(@RestPath String id) {
        return setStatus(id, "suspended");
    }

    @POST
    @Path("/{id}/resume")
    public Tenant resume(@RestPath String id) {
        return setStatus(id, "active");
    }

    private Tenant setStatus(String id, String status) {
        Tenant changed = Ids.parse(TenantId.PREFIX, id)
                .flatMap(uuid -> tenants.setStatus(new TenantId(uuid), status))
                .orElseThrow(() -> Problem.notFound("tenant", id));
        authentication.forgetAll();
        return changed;
    }
}

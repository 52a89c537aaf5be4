package dev.parley.usage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.Deleted;
import dev.parley.api.JsonField;
import dev.parley.api.Page;
import dev.parley.idempotency.Idempotent;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.postgres.Ids;
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
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/rate_limits`: how many requests and tokens a minute, by whom and on what.
@Path("/v1/rate_limits")
@RolesAllowed(Scopes.ADMIN)
@RunOnVirtualThread
class RateLimitsResource {

    private final RateLimits limits;
    private final Targets targets;
    private final Callers callers;

    RateLimitsResource(RateLimits limits, Targets targets, Callers callers) {
        this.limits = limits;
        this.targets = targets;
        this.callers = callers;
    }

    @POST
    @Idempotent
    public RateLimitView create(@NotNull JsonNode body) {
        JsonField request = JsonField.root(body)
                .allowOnly(Set.of(Targets.SCOPE, Targets.SUBJECT, RateLimit.FIELDS.first(), RateLimit.FIELDS.second()));
        Target target = targets.read(tenant(), request);
        return RateLimitView.of(limits.create(tenant(), target, RateLimit.FIELDS.read(request)));
    }

    @GET
    public Page<RateLimitView> list(
            @RestQuery @Nullable String after,
            @RestQuery @DefaultValue("desc") String order,
            @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        UUID cursor = Ids.cursor(RateLimitId.PREFIX, after, "a rate limit");
        return Page.of(
                limits.list(tenant(), cursor, Page.isAscending(order), size + 1),
                size,
                RateLimitView::of,
                RateLimitView::id);
    }

    @GET
    @Path("/{id}")
    public RateLimitView get(@RestPath String id) {
        return RateLimitView.of(limits.get(tenant(), parse(id)));
    }

    /// Changes the limits that are mentioned; null takes one away.
    @POST
    @Path("/{id}")
    public RateLimitView change(@RestPath String id, @NotNull JsonNode body) {
        JsonField request = JsonField.root(body).allowOnly(RateLimit.FIELDS.names());
        return RateLimitView.of(limits.change(tenant(), parse(id), old -> RateLimit.FIELDS.change(request, old)));
    }

    @DELETE
    @Path("/{id}")
    public Deleted delete(@RestPath String id) {
        limits.delete(tenant(), parse(id));
        return new Deleted(id, "rate_limit.deleted", true);
    }

    private TenantId tenant() {
        return callers.current().tenant();
    }

    private static RateLimitId parse(String id) {
        return new RateLimitId(Ids.parse(RateLimitId.PREFIX, id).orElseThrow(() -> RateLimits.notFound(id)));
    }
}

package dev.parley.identity;

import dev.parley.api.Deleted;
import dev.parley.api.Page;
import dev.parley.idempotency.Idempotent;
import dev.parley.postgres.Ids;
import dev.parley.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Clock;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/keys`: a tenant's admin makes, lists and revokes its keys.
@Path("/v1/keys")
@RolesAllowed(Scopes.ADMIN)
@RunOnVirtualThread
class KeysResource {

    private final ApiKeys keys;
    private final KeyAuthentication authentication;
    private final Callers callers;
    private final Clock clock;

    KeysResource(ApiKeys keys, KeyAuthentication authentication, Callers callers, Clock clock) {
        this.keys = keys;
        this.authentication = authentication;
        this.callers = callers;
        this.clock = clock;
    }

    @POST
    @Idempotent
    public ApiKeyView create(@NotNull @Valid NewApiKey request) {
        Caller caller = callers.current();
        check(request, caller);
        ApiKeySecret secret = ApiKeySecret.generate();
        return ApiKeyView.created(keys.create(caller.tenant(), secret, request), secret);
    }

    @GET
    public Page<ApiKeyView> list(@RestQuery @Nullable String after, @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        UUID cursor = Ids.cursor(ApiKeys.ID_PREFIX, after, "an API key");
        return Page.of(keys.list(callers.current().tenant(), cursor, size + 1), size, ApiKeyView::of, ApiKeyView::id);
    }

    @DELETE
    @Path("/{id}")
    public Deleted revoke(@RestPath String id) {
        keys.revoke(callers.current().tenant(), id);
        authentication.forgetAll();
        return new Deleted(id, "api_key.deleted", true);
    }

    /// An admin hands out what a tenant may do; only operators make operators.
    private void check(NewApiKey request, Caller caller) {
        for (String scope : request.scopesOrDefault()) {
            if (!Scopes.isKnown(scope)) {
                throw Problem.invalid(
                        "scopes",
                        "Unknown scope '%s'. Scopes are %s, and those of tools: tool:NAME."
                                .formatted(scope, Scopes.ALL));
            }
            if (scope.equals(Scopes.OPERATOR) && !caller.scopes().contains(Scopes.OPERATOR)) {
                throw Problem.invalid("scopes", "Only an operator can give the scope 'operator'.");
            }
        }
        if (request.expiresAt() != null
                && request.expiresAt() <= clock.instant().getEpochSecond()) {
            throw Problem.invalid("expires_at", "'expires_at' must be in the future.");
        }
    }
}

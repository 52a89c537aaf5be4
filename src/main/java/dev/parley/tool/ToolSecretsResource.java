package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.Deleted;
import dev.parley.api.JsonField;
import dev.parley.api.Page;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/tool_secrets`: stored, replaced and deleted here; read by nobody.
@Path("/v1/tool_secrets")
@RolesAllowed(Scopes.ADMIN)
@RunOnVirtualThread
class ToolSecretsResource {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final Pattern HOST = Pattern.compile("[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[1-9][0-9]{0,4})?");

    /// What a header can carry.
    private static final Pattern VALUE = Pattern.compile("[\\x21-\\x7E](?:[\\x20-\\x7E]{0,3998}[\\x21-\\x7E])?");
    private static final int MAX_VALUE = 4000;
    private static final int MAX_HOSTS = 20;

    private final ToolSecrets secrets;
    private final Callers callers;

    ToolSecretsResource(ToolSecrets secrets, Callers callers) {
        this.secrets = secrets;
        this.callers = callers;
    }

    @PUT
    @Path("/{name}")
    public ToolSecretView put(@RestPath String name, @NotNull JsonNode body) {
        if (!NAME.matcher(name).matches()) {
            throw Problem.invalid("name", "Invalid 'name': expected up to 64 letters, digits, '_' and '-'.");
        }
        JsonField request = JsonField.root(body).allowOnly(Set.of("value", "hosts"));
        var value = new ToolSecret.Value(value(request.get("value")), hosts(request.get("hosts")));
        return ToolSecretView.of(secrets.put(callers.current().tenant(), name, value));
    }

    /// @param after the name a page starts after
    @GET
    public Page<ToolSecretView> list(@RestQuery @Nullable String after, @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        return Page.of(
                secrets.list(callers.current().tenant(), after == null ? "" : after, size + 1),
                size,
                ToolSecretView::of,
                ToolSecretView::name);
    }

    @DELETE
    @Path("/{name}")
    public Deleted delete(@RestPath String name) {
        secrets.delete(callers.current().tenant(), name);
        return new Deleted(name, "tool_secret.deleted", true);
    }

    private static String value(JsonField field) {
        if (!VALUE.matcher(field.text(MAX_VALUE)).matches()) {
            throw field.invalid("expected printable ASCII, as headers carry it.");
        }
        return field.value().textValue();
    }

    private static Set<String> hosts(JsonField field) {
        var hosts = new TreeSet<String>();
        for (JsonField host : field.items(MAX_HOSTS)) {
            if (!HOST.matcher(host.text(260)).matches()) {
                throw host.invalid("expected a host in lower case, with a port where it is not 443 (or 80 for http).");
            }
            hosts.add(host.value().textValue());
        }
        if (hosts.isEmpty()) {
            throw field.invalid("expected at least one: a secret is sent to its hosts and to no others.");
        }
        return hosts;
    }
}

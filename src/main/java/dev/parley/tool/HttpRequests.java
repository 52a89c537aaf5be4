package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.egress.EgressLimits;
import dev.parley.egress.EgressMethod;
import dev.parley.egress.EgressRequest;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Makes the requests of HTTP tools out of their recipes and a call's arguments.
@ApplicationScoped
class HttpRequests {

    private final ToolSecrets secrets;

    HttpRequests(ToolSecrets secrets) {
        this.secrets = secrets;
    }

    /// @throws ToolFailure if it cannot be made, without a word of a secret
    EgressRequest call(Recipe.Http recipe, boolean effects, Invocation invocation) {
        JsonNode arguments = invocation.arguments();
        ObjectNode rest = arguments.deepCopy();
        rest.remove(recipe.url().variables());
        boolean hasBody = HttpReader.hasBody(recipe.method());
        String url = recipe.url().expand(arguments::get);
        JsonNode body = recipe.body() == null ? rest : BodyTemplate.fill(recipe.body(), arguments);
        EgressRequest request = EgressRequest.of(
                recipe.method(),
                hasBody ? url : withParameters(url, recipe.url().hasQuery(), rest),
                hasBody ? body.toString().getBytes(StandardCharsets.UTF_8) : new byte[0]);
        if (hasBody) {
            request = request.withHeader("Content-Type", "application/json");
        }
        request = withHeaders(request, recipe, recipe.url().authority(), invocation.tenant());
        if (!effects) {
            return limited(request, invocation, EgressLimits.CONFIGURED);
        }
        // Where a redirect of a request that changes something leads, is not known to have changed nothing.
        return limited(
                request.withHeader(
                        recipe.idempotencyHeader(), invocation.effect().toString()),
                invocation,
                EgressLimits.CONFIGURED.withRedirects(0));
    }

    /// @throws ToolFailure if it cannot be made
    EgressRequest statusCheck(Recipe.Http recipe, Recipe.StatusCheck check, Invocation invocation) {
        var effect = TextNode.valueOf(invocation.effect().toString());
        String url = check.url()
                .expand(name -> name.equals(HttpReader.EFFECT_ID)
                        ? effect
                        : invocation.arguments().get(name));
        EgressRequest request = EgressRequest.of(EgressMethod.GET, url, new byte[0]);
        return limited(
                withHeaders(request, recipe, check.url().authority(), invocation.tenant()),
                invocation,
                EgressLimits.CONFIGURED);
    }

    private static EgressRequest limited(EgressRequest request, Invocation invocation, EgressLimits limits) {
        return request.within(limits.withTotal(invocation.timeout()));
    }

    private static String withParameters(String url, boolean hasQuery, ObjectNode rest) {
        String parameters = UrlTemplate.parameters(rest.properties());
        return parameters.isEmpty() ? url : url + (hasQuery ? "&" : "?") + parameters;
    }

    private EgressRequest withHeaders(EgressRequest request, Recipe.Http recipe, String authority, TenantId tenant) {
        Map<String, ToolSecret.Value> values =
                secrets.values(tenant, SecretTemplate.names(recipe.headers().values()));
        EgressRequest complete = request;
        for (var header : recipe.headers().entrySet()) {
            complete = complete.withHeader(
                    header.getKey(), SecretTemplate.fill(header.getValue(), name -> secret(values, name, authority)));
        }
        return complete;
    }

    /// Looked at with every request: a secret may have been bound to other hosts since the tool was saved.
    private static String secret(Map<String, ToolSecret.Value> values, String name, String authority) {
        ToolSecret.Value value = values.get(name);
        if (value == null) {
            throw notSetUp("its secret '%s' is missing".formatted(name));
        }
        if (!value.hosts().contains(authority)) {
            throw notSetUp("its secret '%s' is not for %s".formatted(name, authority));
        }
        return value.text();
    }

    private static ToolFailure notSetUp(String why) {
        return ToolFailure.withoutEffect("The tool is not set up: %s. An admin has to mend it.".formatted(why));
    }
}

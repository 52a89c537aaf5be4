package dev.parley.tool;

import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a declaration says of other things: that its name is free, its secrets are there and go where they may, its
/// views exist.
@ApplicationScoped
class DeclarationCheck {

    private final BeanTools beans;
    private final ToolSecrets secrets;
    private final SqlViews views;

    DeclarationCheck(BeanTools beans, ToolSecrets secrets, SqlViews views) {
        this.beans = beans;
        this.secrets = secrets;
        this.views = views;
    }

    /// What was found out about it for models; null if nothing.
    ///
    /// @throws Problem that names what is wrong
    @Nullable
    String check(TenantId tenant, Declaration declaration) {
        if (beans.has(declaration.name())) {
            throw Problem.of(
                    ProblemKind.CONFLICT,
                    "tool_name_reserved",
                    "'%s' is a tool that comes with this server: choose another name.".formatted(declaration.name()));
        }
        return switch (declaration.recipe()) {
            case Recipe.Http http -> {
                checkSecrets(tenant, http);
                yield null;
            }
            case Recipe.Sql sql -> views.describe(tenant, sql);
            case Recipe.Knowledge _ -> null;
        };
    }

    private void checkSecrets(TenantId tenant, Recipe.Http http) {
        Set<String> names = SecretTemplate.names(http.headers().values());
        Map<String, ToolSecret.Value> values = secrets.values(tenant, names);
        for (String name : names) {
            ToolSecret.Value value = values.get(name);
            if (value == null) {
                throw Problem.invalid(
                        "headers",
                        "There is no secret '%s': store it with PUT /v1/tool_secrets/%s.".formatted(name, name));
            }
            for (String authority : http.authorities()) {
                if (!value.hosts().contains(authority)) {
                    throw Problem.invalid(
                            "headers",
                            "The secret '%s' is not for %s: its hosts are %s."
                                    .formatted(name, authority, String.join(", ", value.hosts())));
                }
            }
        }
    }
}

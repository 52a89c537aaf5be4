package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.Deleted;
import dev.parley.api.JsonField;
import dev.parley.api.Page;
import dev.parley.idempotency.Idempotent;
import dev.parley.identity.Caller;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Set;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/tools`: what a caller may call, and what admins declare.
@Path("/v1/tools")
@RolesAllowed(Scopes.ADMIN)
@RunOnVirtualThread
class ToolsResource {

    private final Toolbox toolbox;
    private final DeclaredTools declared;
    private final Declarations declarations;
    private final DeclarationCheck check;
    private final Callers callers;

    ToolsResource(
            Toolbox toolbox,
            DeclaredTools declared,
            Declarations declarations,
            DeclarationCheck check,
            Callers callers) {
        this.toolbox = toolbox;
        this.declared = declared;
        this.declarations = declarations;
        this.check = check;
        this.callers = callers;
    }

    /// By name. Admins see all, others what their scopes let them call.
    ///
    /// @param after the name a page starts after
    @GET
    @RolesAllowed({Scopes.TOOLS, Scopes.ADMIN})
    public Page<ToolView> list(
            @RestQuery @Nullable String after,
            @RestQuery @DefaultValue("asc") String order,
            @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        boolean ascending = Page.isAscending(order);
        boolean forAdmin = isAdmin();
        List<Tool> tools = ascending ? visible() : visible().reversed();
        return Page.of(
                tools.stream()
                        .filter(tool -> after == null
                                || (tool.info().name().compareTo(after) > 0 == ascending
                                        && !tool.info().name().equals(after)))
                        .limit(size + 1L)
                        .toList(),
                size,
                tool -> ToolView.of(tool, forAdmin),
                ToolView::name);
    }

    @GET
    @Path("/{name}")
    @RolesAllowed({Scopes.TOOLS, Scopes.ADMIN})
    public ToolView get(@RestPath String name) {
        Caller caller = callers.current();
        Tool tool = isAdmin()
                ? toolbox.reopen(caller.tenant(), ToolSelection.named(Set.of(name)))
                        .find(name)
                        .orElseThrow(() -> new UnknownTool(name, "name"))
                : toolbox.open(caller, ToolSelection.named(Set.of(name)), "name")
                        .find(name)
                        .orElseThrow();
        return ToolView.of(tool, isAdmin());
    }

    @POST
    @Idempotent
    public ToolView declare(@NotNull JsonNode body) {
        Declarations.Stored stored = checked(DeclarationReader.read(body));
        declarations.create(callers.current().tenant(), stored);
        return ToolView.of(declared.tool(stored), true);
    }

    /// Declares the tool, or declares it anew.
    @PUT
    @Path("/{name}")
    public ToolView replace(@RestPath String name, @NotNull JsonNode body) {
        Declarations.Stored stored = checked(DeclarationReader.read(named(name, body)));
        declarations.replace(callers.current().tenant(), stored);
        return ToolView.of(declared.tool(stored), true);
    }

    @DELETE
    @Path("/{name}")
    public Deleted delete(@RestPath String name) {
        declarations.delete(callers.current().tenant(), name);
        return new Deleted(name, "tool.deleted", true);
    }

    private static JsonNode named(String name, JsonNode body) {
        JsonField request = JsonField.root(body);
        ObjectNode definition = request.value().deepCopy();
        request.find("name").filter(field -> !field.text(64).equals(name)).ifPresent(field -> {
            throw field.invalid("a tool keeps its name: leave it out, or give '%s'.".formatted(name));
        });
        return definition.put("name", name);
    }

    private Declarations.Stored checked(Declaration declaration) {
        return new Declarations.Stored(
                declaration, check.check(callers.current().tenant(), declaration));
    }

    private List<Tool> visible() {
        Caller caller = callers.current();
        return isAdmin() ? toolbox.all(caller.tenant()) : toolbox.all(caller);
    }

    private boolean isAdmin() {
        return callers.current().scopes().contains(Scopes.ADMIN);
    }
}

package dev.parley.tool;

import dev.parley.identity.Caller;
import dev.parley.identity.Scopes;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The tools of all sources.
@ApplicationScoped
public class Toolbox {

    private final List<ToolSource> sources;

    Toolbox(@All List<ToolSource> sources) {
        this.sources = sources;
    }

    /// What the caller may call, by name.
    public List<Tool> all(Caller caller) {
        return all(caller.tenant()).stream()
                .filter(tool -> caller.scopes().containsAll(tool.info().traits().scopes()))
                .toList();
    }

    /// All that the tenant has, by name: for those who manage them.
    List<Tool> all(TenantId tenant) {
        return sources.stream()
                .flatMap(source -> source.all(tenant).stream())
                .sorted(Comparator.comparing(tool -> tool.info().name()))
                .toList();
    }

    /// @param param the request parameter that names them
    /// @throws Problem (404, `tool_not_found`) for a name that is nobody's, (403) where the caller lacks a scope
    public Tools open(Caller caller, ToolSelection selection, String param) {
        if (selection.isEmpty()) {
            return Tools.NONE;
        }
        checkScopes(caller, Set.of(Scopes.TOOLS), "Calling tools");
        Tools tools = named(caller.tenant(), selection.names());
        for (String name : selection.names()) {
            Tool tool = tools.find(name).orElseThrow(() -> new UnknownTool(name, param));
            checkScopes(caller, tool.info().traits().scopes(), "The tool '%s'".formatted(name));
        }
        return selection.labels().isEmpty() ? tools : tools.and(ofServers(all(caller), selection.labels()));
    }

    private static void checkScopes(Caller caller, Set<String> needed, String what) {
        var missing = new TreeSet<>(needed);
        missing.removeAll(caller.scopes());
        if (!missing.isEmpty()) {
            throw Problem.of(
                    ProblemKind.FORBIDDEN,
                    "insufficient_scope",
                    "%s needs the scope %s.".formatted(what, String.join(", ", missing)));
        }
    }

    /// Those that still exist of what was opened before, by whoever was allowed to.
    public Tools reopen(TenantId tenant, ToolSelection selection) {
        Tools tools = named(tenant, selection.names());
        return selection.labels().isEmpty() ? tools : tools.and(ofServers(all(tenant), selection.labels()));
    }

    private Tools named(TenantId tenant, Set<String> names) {
        var found = new ArrayList<Tool>();
        if (!names.isEmpty()) {
            sources.forEach(source -> found.addAll(source.named(tenant, names)));
        }
        return new Tools(found);
    }

    private static List<Tool> ofServers(List<Tool> tools, Set<String> labels) {
        return tools.stream()
                .filter(tool -> labels.contains(tool.info().label()))
                .toList();
    }
}

package dev.parley.tool;

import dev.parley.identity.Caller;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The tools of all sources.
@ApplicationScoped
public class Toolbox {

    private final List<ToolSource> sources;

    Toolbox(@All List<ToolSource> sources) {
        this.sources = sources;
    }

    /// What the caller may call, by name.
    public List<Tool> all(Caller caller) {
        return sources.stream()
                .flatMap(source -> source.all(caller.tenant()).stream())
                .filter(tool -> caller.scopes().containsAll(tool.info().traits().scopes()))
                .sorted(Comparator.comparing(tool -> tool.info().name()))
                .toList();
    }

    /// @param param the request parameter that names them
    /// @throws Problem (404, `tool_not_found`) for a name that is nobody's, (403) for a tool that the caller may
    // not call
    public Tools open(Caller caller, Set<String> names, String param) {
        Tools tools = reopen(caller.tenant(), names);
        for (String name : names) {
            Tool tool = tools.find(name).orElseThrow(() -> new UnknownTool(name, param));
            var missing = new HashSet<>(tool.info().traits().scopes());
            missing.removeAll(caller.scopes());
            if (!missing.isEmpty()) {
                throw Problem.of(
                        ProblemKind.FORBIDDEN,
                        "insufficient_scope",
                        "The tool '%s' needs the scope %s.".formatted(name, String.join(", ", missing)));
            }
        }
        return tools;
    }

    /// Those that still exist of names that were opened before, by whoever was allowed to.
    public Tools reopen(TenantId tenant, Set<String> names) {
        var found = new ArrayList<Tool>();
        if (!names.isEmpty()) {
            sources.forEach(source -> found.addAll(source.named(tenant, names)));
        }
        return new Tools(found);
    }
}

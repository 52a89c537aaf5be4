package dev.parley.tool;

import dev.parley.postgres.TenantId;
import dev.parley.tool.Declarations.Stored;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The tools that admins declared. Nothing is kept in memory: one indexed read for each turn that names tools costs
/// less than another process that goes on with what was changed or taken away.
@ApplicationScoped
class DeclaredTools implements ToolSource {

    private final Declarations declarations;
    private final BeanTools beans;
    private final HttpTool.Parts http;
    private final SqlDatabases databases;
    private final KnowledgeSearch search;

    DeclaredTools(
            Declarations declarations,
            BeanTools beans,
            HttpTool.Parts http,
            SqlDatabases databases,
            KnowledgeSearch search) {
        this.declarations = declarations;
        this.beans = beans;
        this.http = http;
        this.databases = databases;
        this.search = search;
    }

    @Override
    public List<Tool> all(TenantId tenant) {
        return tools(declarations.all(tenant));
    }

    @Override
    public List<Tool> named(TenantId tenant, Set<String> names) {
        Set<String> mine = names.stream()
                .filter(name -> ToolNames.isWellFormed(name) && !beans.has(name))
                .collect(Collectors.toSet());
        return mine.isEmpty() ? List.of() : tools(declarations.named(tenant, mine));
    }

    /// A later release may bring a tool along that has the name of one of these: then it is the release's.
    private List<Tool> tools(List<Stored> stored) {
        return stored.stream()
                .filter(one -> !beans.has(one.declaration().name()))
                .map(this::tool)
                .toList();
    }

    Tool tool(Stored stored) {
        Declaration declaration = stored.declaration();
        ToolInfo info = declaration.info();
        Tool tool =
                switch (declaration.recipe()) {
                    case Recipe.Http recipe -> new HttpTool(info, recipe, http);
                    case Recipe.Sql recipe -> new SqlTool(described(info, stored.learned()), recipe, databases);
                    case Recipe.Knowledge recipe -> new KnowledgeTool(info, recipe, search);
                };
        return new DeclaredTool(declaration, tool);
    }

    private static ToolInfo described(ToolInfo info, @Nullable String views) {
        return new ToolInfo(
                info.name(),
                info.description() + "\nPostgreSQL. Views: " + views,
                info.parameters(),
                info.traits(),
                info.timeout(),
                info.server());
    }
}

package dev.parley.testing;

import dev.parley.postgres.TenantId;
import dev.parley.tool.EffectCheck;
import dev.parley.tool.Invocation;
import dev.parley.tool.Tool;
import dev.parley.tool.ToolInfo;
import dev.parley.tool.ToolSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// Tools that a test gives to a tenant of its own.
@ApplicationScoped
public class TenantTools implements ToolSource {

    private final Map<TenantId, List<Tool>> tools = new ConcurrentHashMap<>();

    public void give(TenantId tenant, ToolInfo info, Function<Invocation, String> does) {
        tools.computeIfAbsent(tenant, _ -> new CopyOnWriteArrayList<>()).add(new TestTool(info, does));
    }

    @Override
    public List<Tool> all(TenantId tenant) {
        return tools.getOrDefault(tenant, List.of());
    }

    @Override
    public List<Tool> named(TenantId tenant, Set<String> names) {
        return all(tenant).stream()
                .filter(tool -> names.contains(tool.info().name()))
                .toList();
    }

    private record TestTool(ToolInfo info, Function<Invocation, String> does) implements Tool {

        @Override
        public String call(Invocation invocation) {
            return does.apply(invocation);
        }

        @Override
        public EffectCheck check(Invocation invocation) {
            return EffectCheck.UNKNOWN;
        }
    }
}

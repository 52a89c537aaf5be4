package dev.parley.tool;

import dev.parley.postgres.Json;
import dev.parley.postgres.TenantId;
import io.quarkus.arc.All;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The tools that are written in Java: every tenant has them. Read at start, so that a mistake in one stops the
/// process.
@Startup
@ApplicationScoped
class BeanTools implements ToolSource {

    private final Map<String, Tool> byName = new TreeMap<>();

    BeanTools(@All List<JavaTool<?>> tools, Json json) {
        for (JavaTool<?> tool : tools) {
            var bean = new BeanTool<>(tool, json);
            if (byName.put(bean.info().name(), bean) != null) {
                throw new IllegalStateException(
                        "Two tools are called " + bean.info().name());
            }
        }
    }

    /// No admin can declare one of these.
    boolean has(String name) {
        return byName.containsKey(name);
    }

    @Override
    public List<Tool> all(TenantId tenant) {
        return List.copyOf(byName.values());
    }

    @Override
    public List<Tool> named(TenantId tenant, Set<String> names) {
        return byName.values().stream()
                .filter(tool -> names.contains(tool.info().name()))
                .toList();
    }
}

package dev.parley.tool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The tools of one request.
public final class Tools {

    public static final Tools NONE = new Tools(List.of());

    private final Map<String, Tool> byName = new LinkedHashMap<>();

    Tools(Collection<Tool> tools) {
        tools.forEach(tool -> byName.put(tool.info().name(), tool));
    }

    public Optional<Tool> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    public boolean isEmpty() {
        return byName.isEmpty();
    }

    Tools and(Collection<Tool> others) {
        var all = new ArrayList<>(byName.values());
        all.addAll(others);
        return new Tools(all);
    }

    public List<ToolInfo> infos() {
        return byName.values().stream().map(Tool::info).toList();
    }
}

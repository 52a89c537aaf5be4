package dev.parley.tool;

import java.util.HashSet;
import java.util.Set;

/// The tools that a request names.
///
/// @param names of tools
/// @param labels of servers, all of whose tools are meant that the caller may call; see [ToolInfo#label]
public record ToolSelection(Set<String> names, Set<String> labels) {

    public static final ToolSelection NONE = new ToolSelection(Set.of(), Set.of());

    public static ToolSelection named(Set<String> names) {
        return new ToolSelection(names, Set.of());
    }

    public boolean isEmpty() {
        return names.isEmpty() && labels.isEmpty();
    }

    public ToolSelection and(ToolSelection other) {
        var allNames = new HashSet<>(names);
        allNames.addAll(other.names);
        var allLabels = new HashSet<>(labels);
        allLabels.addAll(other.labels);
        return new ToolSelection(Set.copyOf(allNames), Set.copyOf(allLabels));
    }
}

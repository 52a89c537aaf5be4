import com.fasterxml.jackson.databind.JsonNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What changes in a version's content, for people: messages as unified diffs, everything else field by field.
final class ContentDiff {

    private static final int CONTEXT_LINES = 3;

    private ContentDiff() {}

    static String of(JsonNode before, JsonNode after) {
        var lines = new ArrayList<String>();
        int messages = Math.max(before.path("messages").size(), after.path("messages").size());
        for (int i = 0; i < messages; i++) {
            var old = lines(before.path("messages").path(i));
            var now = lines(after.path("messages").path(i));
            var name = "messages[%d]".formatted(i);
            lines.addAll(UnifiedDiffUtils.generateUnifiedDiff(name, name, old, DiffUtils.diff(old, now), CONTEXT_LINES));
        }
        var old = fields(before);
        var now = fields(after);
        var paths = new TreeSet<>(old.keySet());
        paths.addAll(now.keySet());
        for (var path : paths) {
            var from = old.get(path);
            var to = now.get(path);
            if (from == null) lines.add("+ %s: %s".formatted(path, to));
            else if (to == null) lines.add("- %s: %s".formatted(path, from));
            else if (!from.toString().equals(to.toString())) lines.add("~ %s: %s -> %s".formatted(path, from, to));
        }
        return String.join("\n", lines);
    }

    /// The role is the first line: it changes like a line.
    private static List<String> lines(JsonNode message) {
        if (message.isMissingNode()) return List.of();
        var lines = new ArrayList<String>();
        lines.add("[" + message.path("role").asText() + "]");
        lines.addAll(List.of(message.path("content").asText().split("\n", -1)));
        return lines;
    }

    private static Map<String, JsonNode> fields(JsonNode content) {
        var fields = new LinkedHashMap<String, JsonNode>();
        content.properties().forEach(member -> {
            switch (member.getKey()) {
                case "messages" -> {}
                case "variables", "settings", "knowledge" ->
                    member.getValue()
                            .properties()
                            .forEach(each -> fields.put(member.getKey() + "." + each.getKey(), each.getValue()));
                default -> {
                    if (!member.getValue().isArray() || !member.getValue().isEmpty()) {
                        fields.put(member.getKey(), member.getValue());
                    }
                }
            }
        });
        return fields;
    }
}

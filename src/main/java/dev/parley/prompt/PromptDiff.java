package dev.parley.prompt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What changed between two versions of a prompt, field by field; texts of messages as unified diffs as well.
@RegisterForReflection
record PromptDiff(String object, @JsonProperty("prompt_id") String promptId, int from, int to, List<Change> changes) {

    private static final int CONTEXT_LINES = 3;

    /// @param path of the field: `settings.temperature`, `messages[0].content`
    /// @param from null: it was not there
    /// @param to null: it is not there any more
    /// @param diff unified; only for the text of a message
    @RegisterForReflection
    record Change(
            String path,
            @Nullable JsonNode from,
            @Nullable JsonNode to,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String diff) {}

    /// @param contents of the two versions
    static PromptDiff between(PromptVersion from, PromptVersion to, List<JsonNode> contents) {
        Map<String, JsonNode> before = leaves(contents.getFirst());
        Map<String, JsonNode> after = leaves(contents.getLast());
        var paths = new TreeSet<>(before.keySet());
        paths.addAll(after.keySet());
        var changes = new ArrayList<Change>();
        for (String path : paths) {
            JsonNode old = before.get(path);
            JsonNode now = after.get(path);
            if (!Objects.equals(old, now)) {
                changes.add(new Change(path, old, now, isText(path) ? unified(path, old, now) : null));
            }
        }
        return new PromptDiff("prompt.diff", PromptRef.format(from.prompt()), from.number(), to.number(), changes);
    }

    private static boolean isText(String path) {
        return path.startsWith("messages[") && path.endsWith("].content");
    }

    private static String unified(String path, @Nullable JsonNode from, @Nullable JsonNode to) {
        List<String> before = lines(from);
        List<String> after = lines(to);
        return String.join(
                "\n",
                UnifiedDiffUtils.generateUnifiedDiff(path, path, before, DiffUtils.diff(before, after), CONTEXT_LINES));
    }

    private static List<String> lines(@Nullable JsonNode text) {
        return text == null ? List.of() : List.of(text.textValue().split("\n", -1));
    }

    /// Values by their paths. A schema or a filter is a value as a whole: its parts mean nothing alone.
    private static Map<String, JsonNode> leaves(JsonNode content) {
        var leaves = new LinkedHashMap<String, JsonNode>();
        content.properties().forEach(member -> {
            switch (member.getKey()) {
                case "messages" -> addItems(member.getKey(), member.getValue(), leaves);
                case "variables", "settings", "knowledge" ->
                    member.getValue()
                            .properties()
                            .forEach(each -> leaves.put(member.getKey() + "." + each.getKey(), each.getValue()));
                default -> leaves.put(member.getKey(), member.getValue());
            }
        });
        return leaves;
    }

    private static void addItems(String path, JsonNode items, Map<String, JsonNode> leaves) {
        int place = 0;
        for (JsonNode item : items) {
            String at = "%s[%d].".formatted(path, place++);
            item.properties().forEach(each -> leaves.put(at + each.getKey(), each.getValue()));
        }
    }
}

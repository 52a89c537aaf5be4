import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One thing that a plan does to a prompt.
sealed interface PromptStep {

    String describe();

    /// @param revision that the prompt has
    /// @return the one that it has then
    long apply(Http http, String prompt, long revision);

    record Create() implements PromptStep {

        @Override
        public String describe() {
            return "+ create it";
        }

        @Override
        public long apply(Http http, String prompt, long revision) {
            return http.post("/v1/prompts", Http.JSON.createObjectNode().put("name", prompt))
                    .path("revision")
                    .asLong();
        }
    }

    /// @param number that it will have
    record AddVersion(int number, ObjectNode content, String note, String diff) implements PromptStep {

        @Override
        public String describe() {
            return "+ version %d%s%n".formatted(number, note == null ? "" : ": " + note) + diff.indent(4);
        }

        @Override
        public long apply(Http http, String prompt, long revision) {
            var body = content.deepCopy().put("note", note).put("expected_revision", revision);
            int made = http.post("/v1/prompts/%s/versions".formatted(prompt), body).path("version").asInt();
            if (made != number) {
                throw new Http.Refused("prompt '%s' got version %d instead of %d".formatted(prompt, made, number));
            }
            return revision + 1;
        }
    }

    /// @param target as the API takes it
    record MoveLabel(String label, String from, ObjectNode target) implements PromptStep {

        @Override
        public String describe() {
            return "%s label %s: %s%s".formatted(from.isEmpty() ? "+" : "~", label, from.isEmpty() ? "" : from + " -> ", told(target));
        }

        @Override
        public long apply(Http http, String prompt, long revision) {
            var body = target.deepCopy().put("expected_revision", revision);
            return http.put("/v1/prompts/%s/labels/%s".formatted(prompt, label), body).path("revision").asLong();
        }
    }

    record DeleteLabel(String label, String from) implements PromptStep {

        @Override
        public String describe() {
            return "- label %s: %s".formatted(label, from);
        }

        @Override
        public long apply(Http http, String prompt, long revision) {
            http.delete("/v1/prompts/%s/labels/%s?expected_revision=%d".formatted(prompt, label, revision));
            return revision + 1;
        }
    }

    /// Empty where the label points there already.
    ///
    /// @param wanted as the file says it
    /// @param current as the server has it; missing for none
    /// @param latest the version of the file's content
    static Optional<PromptStep> ofLabel(String prompt, String label, JsonNode wanted, JsonNode current, int latest) {
        var from = current.isMissingNode() ? "" : told(current);
        if (wanted.isNull()) return from.isEmpty() ? Optional.empty() : Optional.of(new DeleteLabel(label, from));
        var target = target(prompt, label, wanted, latest);
        boolean isThere = told(target).equals(from)
                && (!target.has("protected") || target.path("protected").equals(current.path("protected")))
                && (!target.has("sticky") || !current.has("split") || target.path("sticky").equals(current.path("sticky")));
        return isThere ? Optional.empty() : Optional.of(new MoveLabel(label, from, target));
    }

    private static ObjectNode target(String prompt, String label, JsonNode wanted, int latest) {
        if (!wanted.isObject()) return Http.JSON.createObjectNode().put("version", number(wanted, latest));
        ObjectNode target = wanted.deepCopy();
        if (target.has("version")) target.put("version", number(target.get("version"), latest));
        for (var part : target.path("split")) {
            if (!(part instanceof ObjectNode object)) {
                throw new Http.Refused("prompt '%s': the split of label '%s' has objects".formatted(prompt, label));
            }
            object.put("version", number(part.path("version"), latest));
        }
        return target;
    }

    private static int number(JsonNode version, int latest) {
        if (version.asText().equals("latest")) return latest;
        if (version.isInt()) return version.intValue();
        throw new Http.Refused("labels point at a number or \"latest\", not at %s".formatted(version));
    }

    /// For people, and the same for the same target.
    private static String told(JsonNode target) {
        if (target.has("version")) return "version " + target.path("version").asInt();
        Map<Integer, BigDecimal> parts = new TreeMap<>();
        target.path("split").forEach(part ->
                parts.put(part.path("version").asInt(), part.path("percent").decimalValue().stripTrailingZeros()));
        var told = new StringBuilder();
        parts.forEach((version, percent) -> told.append(told.isEmpty() ? "" : ", ")
                .append("version %d %s %%".formatted(version, percent.toPlainString())));
        return told.toString();
    }
}

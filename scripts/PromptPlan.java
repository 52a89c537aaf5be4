import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What has to be done so that a server has the prompts of a folder. Prompts and labels that the folder does not name
/// are left alone.
///
/// Applying it does what it says and nothing else: each step names the revision that the plan saw or the step before
/// made, and the server refuses it when somebody else was faster.
record PromptPlan(List<Change> changes) {

    private static final String CONTENT = "messages variables model settings tools knowledge";

    /// One prompt's steps.
    ///
    /// @param revision that the server has; 0 where the prompt is new
    record Change(String name, long revision, List<PromptStep> steps) {}

    static PromptPlan of(Http http, List<PromptFile> files) {
        var existing = existing(http);
        var changes = new ArrayList<Change>();
        for (var file : files) {
            var change = change(http, file, existing.get(file.name()));
            if (!change.steps.isEmpty()) changes.add(change);
        }
        return new PromptPlan(changes);
    }

    private static Map<String, JsonNode> existing(Http http) {
        var prompts = new HashMap<String, JsonNode>();
        for (var page = http.get("/v1/prompts?limit=100"); ; ) {
            page.path("data").forEach(prompt -> prompts.put(prompt.path("name").asText(), prompt));
            if (!page.path("has_more").asBoolean()) return prompts;
            page = http.get("/v1/prompts?limit=100&after=" + page.path("last_id").asText());
        }
    }

    private static Change change(Http http, PromptFile file, JsonNode prompt) {
        var steps = new ArrayList<PromptStep>();
        if (prompt == null) steps.add(new PromptStep.Create());
        int latest = prompt == null ? 0 : prompt.path("latest_version").asInt();
        // The server's own form of the content, and its checks, before anything is changed.
        var content = preview(http, file);
        var before = latest == 0
                ? Http.JSON.createObjectNode()
                : content(http.get("/v1/prompts/%s/versions/%d".formatted(file.name(), latest)));
        if (!content.toString().equals(before.toString())) {
            steps.add(new PromptStep.AddVersion(++latest, file.content(), file.note(), ContentDiff.of(before, content)));
        }
        var labels = prompt == null ? Http.JSON.createObjectNode() : prompt.path("labels");
        for (var wanted : file.labels().properties()) {
            PromptStep.ofLabel(file.name(), wanted.getKey(), wanted.getValue(), labels.path(wanted.getKey()), latest)
                    .ifPresent(steps::add);
        }
        return new Change(file.name(), prompt == null ? 0 : prompt.path("revision").asLong(), steps);
    }

    private static ObjectNode preview(Http http, PromptFile file) {
        try {
            return content(http.post("/v1/prompts/preview", file.content()));
        } catch (Http.Refused e) {
            throw new Http.Refused("prompt '%s': %s".formatted(file.name(), e.getMessage()));
        }
    }

    private static ObjectNode content(JsonNode version) {
        var content = Http.JSON.createObjectNode();
        for (var member : CONTENT.split(" ")) {
            if (version.hasNonNull(member)) content.set(member, version.get(member));
        }
        return content;
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    String describe() {
        if (isEmpty()) return "No changes: the server has the prompts of this folder.\n";
        var text = new StringBuilder();
        for (var change : changes) {
            text.append("prompt ").append(change.name).append('\n');
            change.steps.forEach(step -> text.append(step.describe().indent(2)));
        }
        return text.append("Plan: %d to create, %d versions, %d labels.%n"
                        .formatted(
                                count(PromptStep.Create.class),
                                count(PromptStep.AddVersion.class),
                                count(PromptStep.MoveLabel.class) + count(PromptStep.DeleteLabel.class)))
                .toString();
    }

    private long count(Class<? extends PromptStep> kind) {
        return changes.stream()
                .flatMap(change -> change.steps.stream())
                .filter(kind::isInstance)
                .count();
    }

    void apply(Http http) {
        for (var change : changes) {
            long revision = change.revision;
            for (var step : change.steps) revision = step.apply(http, change.name, revision);
        }
    }
}

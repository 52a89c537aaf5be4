package dev.parley.prompt;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.identity.KnownKeys;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import java.util.TreeMap;

/// A prompt as the API shows it. Times are Unix seconds.
///
/// @param latestVersion 0 while it has none
/// @param revision for writers who want to know that nobody else wrote meanwhile
@RegisterForReflection
record PromptView(
        String id,
        String object,
        String name,
        @JsonProperty("latest_version") int latestVersion,
        long revision,
        Map<String, LabelTarget> labels,
        boolean archived,
        @JsonProperty("created_by") String createdBy,
        @JsonProperty("created_at") long createdAt) {

    static PromptView of(Prompt prompt) {
        var labels = new TreeMap<String, LabelTarget>();
        prompt.labels().forEach(label -> labels.put(label.name(), LabelTarget.of(label)));
        return new PromptView(
                PromptRef.format(prompt.id()),
                "prompt",
                prompt.name(),
                prompt.latest(),
                prompt.revision(),
                labels,
                prompt.archivedAt() != null,
                KnownKeys.format(prompt.createdBy()),
                prompt.createdAt().getEpochSecond());
    }
}

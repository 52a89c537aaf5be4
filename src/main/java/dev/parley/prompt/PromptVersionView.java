package dev.parley.prompt;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.parley.identity.KnownKeys;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// A version as the API shows it.
///
/// @param createdAt Unix seconds
@RegisterForReflection
record PromptVersionView(
        String object,
        @JsonProperty("prompt_id") String promptId,
        int version,
        @JsonUnwrapped PromptContent content,
        @Nullable String note,
        @JsonProperty("created_by") String createdBy,
        @JsonProperty("created_at") long createdAt) {

    static PromptVersionView of(PromptVersion version) {
        return new PromptVersionView(
                "prompt.version",
                PromptRef.format(version.prompt()),
                version.number(),
                version.content(),
                version.note(),
                KnownKeys.format(version.createdBy()),
                version.createdAt().getEpochSecond());
    }
}

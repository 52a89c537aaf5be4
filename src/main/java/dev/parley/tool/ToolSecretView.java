package dev.parley.tool;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Set;

/// A secret as the API shows it, which is without what is secret.
@RegisterForReflection
record ToolSecretView(
        String object,
        String name,
        Set<String> hosts,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("updated_at") long updatedAt) {

    static ToolSecretView of(ToolSecret secret) {
        return new ToolSecretView(
                "tool_secret",
                secret.name(),
                secret.hosts(),
                secret.createdAt().getEpochSecond(),
                secret.updatedAt().getEpochSecond());
    }
}

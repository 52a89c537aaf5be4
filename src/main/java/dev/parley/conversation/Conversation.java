package dev.parley.conversation;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;

/// A conversation as the API shows it.
///
/// @param createdAt Unix seconds
@RegisterForReflection
record Conversation(
        String id,
        String object,
        @JsonProperty("created_at") long createdAt,
        Map<String, String> metadata) {}

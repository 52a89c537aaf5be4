package dev.parley.chat.responses;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a response repeats of its request, as OpenAI's do. What was not given is null or OpenAI's default.
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
record ResponseEcho(
        String model,
        @Nullable String instructions,

        @JsonProperty("previous_response_id") @Nullable String previousResponseId,

        @Nullable ConversationRef conversation,
        boolean background,
        boolean store,
        @JsonProperty("max_output_tokens") @Nullable Integer maxOutputTokens,
        @Nullable Double temperature,
        @JsonProperty("top_p") @Nullable Double topP,
        JsonNode text,
        @JsonProperty("tool_choice") JsonNode toolChoice,
        JsonNode tools,
        @JsonProperty("parallel_tool_calls") boolean parallelToolCalls,
        String truncation,
        Map<String, String> metadata,
        @Nullable String user,
        @JsonProperty("safety_identifier") @Nullable String safetyIdentifier,
        @JsonProperty("prompt_cache_key") @Nullable String promptCacheKey,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode prompt) {

    @RegisterForReflection
    record ConversationRef(String id) {}
}

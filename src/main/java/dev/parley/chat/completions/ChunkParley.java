package dev.parley.chat.completions;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.parley.chat.ParleyView;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// What Parley adds to OpenAI's chunks.
///
/// @param end absent but for the end
/// @param toolCall how a call of one of this side's tools goes on; absent in other chunks
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChunkParley(
        @JsonUnwrapped @Nullable ParleyView end,
        @JsonProperty("tool_call") @Nullable ToolProgress toolCall) {}

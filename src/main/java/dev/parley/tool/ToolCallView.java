package dev.parley.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.postgres.Ids;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// A call as the API shows it.
///
/// @param turn whose it is: a response's, a completion's or a call's by the API
/// @param effects whether its tool changes something
/// @param arguments JSON, as the model wrote it
/// @param output what the model read; left out while there is nothing
/// @param decision left out where nobody had to decide
/// @param createdAt and `completedAt`: Unix seconds
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record ToolCallView(
        String id,
        String object,
        String turn,
        String tool,
        boolean effects,
        String arguments,
        String status,
        @Nullable String output,
        @Nullable DecisionView decision,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("completed_at") @Nullable Long completedAt) {

    /// @param by the key
    /// @param at Unix seconds
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DecisionView(String by, long at, @Nullable String reason) {}

    static ToolCallView of(StoredCall call) {
        return new ToolCallView(
                call.id().toString(),
                "tool_call",
                Ids.format("turn_", call.turn()),
                call.asked().tool(),
                call.asked().effects(),
                call.asked().arguments(),
                call.shownStatus().code(),
                call.result(),
                call.decision() == null ? null : decision(call.decision()),
                call.createdAt().getEpochSecond(),
                call.endedAt() == null ? null : call.endedAt().getEpochSecond());
    }

    private static DecisionView decision(StoredCall.Decision decision) {
        return new DecisionView(Ids.format("key_", decision.by()), decision.at().getEpochSecond(), decision.reason());
    }
}

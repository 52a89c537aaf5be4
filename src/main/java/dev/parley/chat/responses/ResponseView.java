package dev.parley.chat.responses;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.parley.chat.ParleyView;
import dev.parley.usage.TurnStatus;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// OpenAI's `response`.
///
/// @param createdAt Unix seconds
/// @param parley the receipt; left out until there is one
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
record ResponseView(
        String id,
        String object,
        @JsonProperty("created_at") long createdAt,
        String status,
        @Nullable Failure error,
        @JsonProperty("incomplete_details") @Nullable Incomplete incompleteDetails,
        List<ResponseItem> output,
        @Nullable ResponseUsage usage,
        @JsonUnwrapped ResponseEcho echo,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ParleyView parley) {

    /// @param code one of OpenAI's
    @RegisterForReflection
    record Failure(String code, String message) {}

    /// @param reason `max_output_tokens` or `content_filter`; an answer that broke off has an error instead
    @RegisterForReflection
    record Incomplete(String reason) {}

    /// One that has not ended.
    static ResponseView open(ResponseId id, TurnStatus status, ResponseEcho echo, List<ResponseItem> output) {
        return new ResponseView(
                id.toString(), "response", id.createdAt(), status.code(), null, null, output, null, echo, null);
    }

    ResponseView withOutput(List<ResponseItem> items) {
        return new ResponseView(id, object, createdAt, status, error, incompleteDetails, items, usage, echo, parley);
    }

    ResponseView ended(TurnStatus how, @Nullable Failure failure, @Nullable Incomplete incomplete) {
        return new ResponseView(id, object, createdAt, how.code(), failure, incomplete, output, usage, echo, parley);
    }

    /// One that goes on once somebody has approved what it wants to do: an addition to OpenAI's states.
    ResponseView requiringAction() {
        return new ResponseView(id, object, createdAt, "requires_action", null, null, output, usage, echo, parley);
    }

    ResponseView paid(@Nullable ResponseUsage tokens, @Nullable ParleyView more) {
        return new ResponseView(id, object, createdAt, status, error, incompleteDetails, output, tokens, echo, more);
    }
}

package dev.parley.chat.responses;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.postgres.Json;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A streamed event of a response, besides its type and number.
///
/// Source: https://platform.openai.com/docs/api-reference/responses-streaming
sealed interface ResponseEvent {

    /// The response as a whole: created, queued, in progress, or ended.
    @RegisterForReflection
    record Whole(ResponseView response) implements ResponseEvent {}

    /// One that ended before.
    @RegisterForReflection
    record Stored(JsonNode response) implements ResponseEvent {}

    /// An item begins or is done.
    @RegisterForReflection
    record OfItem(@JsonProperty("output_index") int outputIndex, ResponseItem item) implements ResponseEvent {}

    /// A search or a call of a tool goes on.
    @RegisterForReflection
    record OfStep(
            @JsonProperty("output_index") int outputIndex,
            @JsonProperty("item_id") String itemId) implements ResponseEvent {}

    /// A piece of a message begins or is done.
    @RegisterForReflection
    record OfPart(@JsonUnwrapped Place place, ResponsePart part) implements ResponseEvent {}

    @RegisterForReflection
    record Text(@JsonUnwrapped Place place, String delta, List<Object> logprobs) implements ResponseEvent {}

    @RegisterForReflection
    record TextDone(@JsonUnwrapped Place place, String text, List<Object> logprobs) implements ResponseEvent {}

    @RegisterForReflection
    record Annotated(
            @JsonUnwrapped Place place,
            @JsonProperty("annotation_index") int annotationIndex,
            ResponsePart.Annotation annotation)
            implements ResponseEvent {}

    @RegisterForReflection
    record Refused(@JsonUnwrapped Place place, String delta) implements ResponseEvent {}

    @RegisterForReflection
    record RefusalDone(@JsonUnwrapped Place place, String refusal) implements ResponseEvent {}

    @RegisterForReflection
    record Arguments(
            @JsonProperty("output_index") int outputIndex,
            @JsonProperty("item_id") String itemId,
            String delta) implements ResponseEvent {}

    @RegisterForReflection
    record ArgumentsDone(
            @JsonProperty("output_index") int outputIndex,
            @JsonProperty("item_id") String itemId,
            String name,
            String arguments)
            implements ResponseEvent {}

    @RegisterForReflection
    record McpArgumentsDone(
            @JsonProperty("output_index") int outputIndex,
            @JsonProperty("item_id") String itemId,
            String arguments) implements ResponseEvent {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Failed(
            @Nullable String code, String message, @Nullable String param) implements ResponseEvent {}

    /// Where in a message something is.
    @RegisterForReflection
    record Place(
            @JsonProperty("output_index") int outputIndex,
            @JsonProperty("item_id") String itemId,
            @JsonProperty("content_index") int contentIndex) {}

    /// An event as it is sent.
    ///
    /// @param sequence null for one that has no number
    @RegisterForReflection
    record Numbered(
            String type,

            @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("sequence_number") @Nullable
            Long sequence,

            @JsonUnwrapped ResponseEvent event) {

        String frame(Json json) {
            return "event: " + type + "\ndata: " + json.write(this) + "\n\n";
        }
    }
}

package dev.parley.model.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import dev.parley.model.ErrorAnswer;
import dev.parley.model.ProviderFailure;
import dev.parley.model.StreamedParts;
import org.jspecify.annotations.Nullable;

/// Hears the events of a stream and puts the message together.
///
/// Source: https://platform.claude.com/docs/en/build-with-claude/streaming
final class StreamedMessage {

    private final StreamedParts parts;
    private final ObjectNode usage = JsonNodeFactory.instance.objectNode();
    private String id = "";
    private String model = "";
    private @Nullable FinishReason finishReason;

    StreamedMessage(StreamingChatResponseHandler handler) {
        this.parts = new StreamedParts(handler);
    }

    /// @throws ProviderFailure when the event is an error
    void hear(JsonNode event, StreamingHandle handle) {
        switch (event.path("type").asText()) {
            case "message_start" -> start(event.path("message"));
            case "content_block_start" -> startBlock(event.path("index").asInt(), event.path("content_block"));
            case "content_block_delta" -> hearDelta(event.path("index").asInt(), event.path("delta"), handle);
            case "message_delta" -> hearEnd(event);
            case "error" ->
                throw new ProviderFailure(failure(event.path("error")).classify());
            default -> {} // pings, ends of blocks, and what may come in later versions
        }
    }

    /// The stream has ended, well or not: an answer without a stop reason broke off.
    void complete() {
        parts.complete(response -> response.id(id)
                .modelName(model)
                .tokenUsage(AnthropicAnswer.usage(usage))
                .finishReason(finishReason));
    }

    private void start(JsonNode message) {
        id = message.path("id").asText();
        model = message.path("model").asText();
        add(message.path("usage"));
    }

    private void startBlock(int index, JsonNode block) {
        if (block.path("type").asText().equals("tool_use")) {
            parts.startCall(index, block.path("id").asText(), block.path("name").asText());
        }
    }

    private void hearDelta(int index, JsonNode delta, StreamingHandle handle) {
        switch (delta.path("type").asText()) {
            case "text_delta" -> parts.text(delta.path("text").asText(), handle);
            case "input_json_delta" ->
                parts.arguments(index, delta.path("partial_json").asText(), handle);
            default -> {} // thoughts and their signatures
        }
    }

    private void hearEnd(JsonNode event) {
        JsonNode reason = event.path("delta").path("stop_reason");
        if (reason.isTextual()) {
            finishReason = AnthropicAnswer.finishReason(reason.asText());
        }
        add(event.path("usage"));
    }

    /// Counts are of everything so far, so the last one holds.
    private void add(JsonNode counts) {
        counts.properties().stream()
                .filter(count -> count.getValue().isNumber())
                .forEach(count -> usage.set(count.getKey(), count.getValue()));
    }

    /// An error within a stream comes without its status.
    private static ErrorAnswer failure(JsonNode error) {
        int status =
                switch (error.path("type").asText()) {
                    case "invalid_request_error" -> 400;
                    case "authentication_error" -> 401;
                    case "billing_error" -> 402;
                    case "permission_error" -> 403;
                    case "not_found_error" -> 404;
                    case "request_too_large" -> 413;
                    case "rate_limit_error" -> 429;
                    case "timeout_error" -> 504;
                    case "overloaded_error" -> 529;
                    default -> 500;
                };
        var body = JsonNodeFactory.instance.objectNode();
        body.set("error", error);
        return new ErrorAnswer(status, body, null);
    }
}

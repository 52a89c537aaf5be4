package dev.parley.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/// A request the scripted provider got.
///
/// @param clientClosed whether the client closed the connection before the answer was complete
public record RecordedRequest(String path, Map<String, String> headers, JsonNode body, boolean clientClosed) {

    public String model() {
        return body.path("model").asText();
    }

    /// The text of a message, by its place; negative counts from the end.
    public String message(int index) {
        JsonNode messages = body.path("messages");
        JsonNode content =
                messages.path(index < 0 ? messages.size() + index : index).path("content");
        return content.isTextual() ? content.asText() : content.toString();
    }
}

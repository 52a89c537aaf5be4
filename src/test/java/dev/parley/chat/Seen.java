package dev.parley.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client was told of a turn, whichever way.
///
/// @param finishReason in the words of chat completions; empty for none
/// @param error its code; empty for none
/// @param response the object, where the client got one
record Seen(
        int status,
        @Nullable String retryAfter,
        String text,
        String refusal,
        String finishReason,
        String error,
        JsonNode receipt,
        @Nullable JsonNode response) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// Of a whole answer that is an error.
    static Seen ofError(Response answer) {
        JsonNode body = read(answer.asString());
        return new Seen(
                answer.statusCode(),
                answer.header("Retry-After"),
                "",
                "",
                "",
                body.at("/error/code").asText(),
                body.at("/parley/receipt"),
                null);
    }

    List<String> attempts() {
        return receipt.path("attempts")
                .valueStream()
                .map(attempt -> attempt.path("failure").asText("ok"))
                .toList();
    }

    static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The data of a stream's events.
    static List<String> data(String body) {
        return body.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
    }
}

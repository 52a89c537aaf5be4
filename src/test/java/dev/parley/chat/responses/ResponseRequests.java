package dev.parley.chat.responses;

import static dev.parley.testing.Api.as;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.restassured.response.ValidatableResponse;

/// Requests for responses.
public final class ResponseRequests {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ResponseRequests() {}

    /// @param members JSON, with apostrophes for quotation marks
    public static ObjectNode body(String members) {
        try {
            return JSON.createObjectNode().put("model", "scripted").setAll((ObjectNode)
                    JSON.readTree("{" + members.replace('\'', '"') + "}"));
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    public static ValidatableResponse post(String key, String members) {
        return as(key).body(body(members).toString()).post("/v1/responses").then();
    }
}

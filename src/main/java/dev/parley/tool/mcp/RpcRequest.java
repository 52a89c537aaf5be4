package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.postgres.Json;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A JSON-RPC request, or a notification, which has no id.
///
/// @param params an object, empty if there were none
record RpcRequest(@Nullable JsonNode id, String method, JsonNode params) {

    /// @throws RpcFailure (400) for anything else; batches are gone since 2025-06-18, and nobody here asked clients
    /// for an answer
    static RpcRequest read(Json json, byte @Nullable [] body) {
        JsonNode message = parsed(json, body);
        if (!message.isObject() || !message.path("jsonrpc").asText().equals("2.0")) {
            throw refused("Send one JSON-RPC 2.0 message.");
        }
        JsonNode method = message.path("method");
        JsonNode id = message.get("id");
        if (!method.isTextual() || id != null && !id.isTextual() && !id.isIntegralNumber()) {
            throw refused("A request needs a method, and an id that is a string or an integer.");
        }
        JsonNode params = message.path("params");
        if (!params.isMissingNode() && !params.isObject()) {
            throw refused("'params' has to be an object.");
        }
        return new RpcRequest(id, method.textValue(), params.isObject() ? params : Wire.object());
    }

    private static JsonNode parsed(Json json, byte @Nullable [] body) {
        try {
            JsonNode message = json.body(body == null ? new byte[0] : body);
            if (!message.isMissingNode()) {
                return message;
            }
        } catch (IOException notJson) {
            // told below
        }
        throw RpcFailure.http(400, RpcFailure.UNREADABLE, "The body is not JSON.");
    }

    private static RpcFailure refused(String why) {
        return RpcFailure.http(400, RpcFailure.INVALID_REQUEST, why);
    }

    JsonNode meta(String key) {
        return params.path(Wire.META).path(key);
    }

    Optional<String> text(JsonNode value) {
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }
}

package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.egress.EgressHeaders;
import org.jspecify.annotations.Nullable;

/// What came back for a message.
///
/// @param message the JSON-RPC response; null where there was none
record RemoteReply(
        int status, EgressHeaders headers, @Nullable JsonNode message) {

    private static final int SHOWN = 500;

    boolean isSuccessful() {
        return status / 100 == 2;
    }

    /// The error's code, 0 where there is none.
    int code() {
        return message == null ? 0 : message.path("error").path("code").asInt();
    }

    /// Whether only a server of a stateless revision answers so.
    boolean isModernError() {
        return code() <= RpcFailure.HEADER_MISMATCH && code() >= RpcFailure.UNSUPPORTED_REVISION;
    }

    /// The result.
    ///
    /// @throws RemoteFailure where there is none
    JsonNode result() {
        if (message != null && message.path("result").isObject() && isSuccessful()) {
            return message.path("result");
        }
        throw failure();
    }

    private RemoteFailure failure() {
        if (code() == RpcFailure.UNSUPPORTED_REVISION) {
            return new RemoteFailure(
                    RemoteFailure.Kind.OTHER_REVISION,
                    "The MCP server speaks another revision of the protocol: its tools have to be refreshed.");
        }
        boolean unclear = code() == RpcFailure.INTERNAL || code() == 0 && (isSuccessful() || status >= 500);
        return new RemoteFailure(
                unclear ? RemoteFailure.Kind.UNANSWERED : RemoteFailure.Kind.REFUSED,
                message == null || code() == 0
                        ? "The MCP server answered with status %d.".formatted(status)
                        : "The MCP server refused: " + said(message.path("error")));
    }

    private static String said(JsonNode error) {
        return UntrustedText.bounded(UntrustedText.visible(error.path("message").asText()), SHOWN);
    }
}

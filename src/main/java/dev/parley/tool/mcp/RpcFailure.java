package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that is answered with a JSON-RPC error.
final class RpcFailure extends RuntimeException {

    static final int UNREADABLE = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int UNKNOWN_METHOD = -32601;
    static final int INVALID_PARAMS = -32602;
    static final int INTERNAL = -32603;
    static final int HEADER_MISMATCH = -32020;
    static final int UNSUPPORTED_REVISION = -32022;

    private final int status;
    private final int code;
    private final @Nullable JsonNode data;
    private final Map<String, String> headers;

    private RpcFailure(int status, int code, String message, @Nullable JsonNode data, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.data = data;
        this.headers = headers;
    }

    /// The server understood the request, and the method failed: a 200, as JSON-RPC has it.
    static RpcFailure of(int code, String message) {
        return new RpcFailure(200, code, message, null, Map.of());
    }

    /// A request that HTTP alone shows to have failed, too.
    static RpcFailure http(int status, int code, String message) {
        return new RpcFailure(status, code, message, null, Map.of());
    }

    RpcFailure with(JsonNode more) {
        return new RpcFailure(status, code, String.valueOf(getMessage()), more, headers);
    }

    RpcFailure withHeaders(Map<String, String> more) {
        return new RpcFailure(status, code, String.valueOf(getMessage()), data, more);
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    RpcAnswer.Error error() {
        return new RpcAnswer.Error(code, String.valueOf(getMessage()), data);
    }
}

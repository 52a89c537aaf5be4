package dev.parley.tool.mcp;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// A JSON-RPC response. Its id is absent where the request's could not be read.
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record RpcAnswer(
        String jsonrpc,
        @Nullable JsonNode id,
        @Nullable JsonNode result,
        @Nullable Error error) {

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Error(int code, String message, @Nullable JsonNode data) {}

    static RpcAnswer of(@Nullable JsonNode id, JsonNode result) {
        return new RpcAnswer("2.0", id, result, null);
    }

    static RpcAnswer of(@Nullable JsonNode id, Error error) {
        return new RpcAnswer("2.0", id, null, error);
    }
}

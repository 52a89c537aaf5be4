package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.problem.Problem;
import java.util.HashMap;
import java.util.Map;

/// Problems as the protocol tells them.
final class Problems {

    private Problems() {}

    /// A tool that is not there for the caller is one more invalid parameter. Anything else has a status that says what
    /// to do about it, and is the code as well: JSON-RPC leaves numbers of that size to applications.
    static RpcFailure told(Problem problem) {
        String message = String.valueOf(problem.getMessage());
        return switch (problem.kind()) {
            case NOT_FOUND, FORBIDDEN, INVALID_REQUEST ->
                RpcFailure.of(RpcFailure.INVALID_PARAMS, message).with(data(problem));
            default -> {
                int status = problem.kind().status();
                yield RpcFailure.http(status, status, message)
                        .with(data(problem))
                        .withHeaders(headers(problem));
            }
        };
    }

    private static JsonNode data(Problem problem) {
        var data = Wire.object().put("type", problem.kind().type()).put("code", problem.code());
        if (problem.param() != null) {
            data.put("param", problem.param());
        }
        return data;
    }

    private static Map<String, String> headers(Problem problem) {
        var headers = new HashMap<>(problem.headers());
        problem.retryAfter()
                .ifPresent(delay -> headers.put(
                        "Retry-After",
                        Long.toString(Math.max(1, delay.plusMillis(999).toSeconds()))));
        return headers;
    }
}

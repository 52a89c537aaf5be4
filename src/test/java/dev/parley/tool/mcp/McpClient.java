package dev.parley.tool.mcp;

import dev.parley.testing.Api;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.Map;

/// An MCP client with a key, as plain as the protocol allows.
record McpClient(String key) {

    static final String STATELESS = "2026-07-28";

    /// A request of the newest revision, complete.
    ValidatableResponse ask(String method, Map<String, ?> params) {
        return stateless(method, params).statusCode(200);
    }

    ValidatableResponse stateless(String method, Map<String, ?> params) {
        return send(headers(method, params), message(method, withMeta(params)));
    }

    ValidatableResponse call(String tool, Map<String, ?> arguments) {
        return ask("tools/call", Map.of("name", tool, "arguments", arguments));
    }

    /// A request of a revision that has sessions.
    ValidatableResponse inSession(String version, String method, Map<String, ?> params) {
        return send(Map.of("MCP-Protocol-Version", version), message(method, params));
    }

    ValidatableResponse send(Map<String, String> headers, Object body) {
        return request().headers(headers).body(body).post("/mcp").then();
    }

    RequestSpecification request() {
        return Api.as(key).accept("application/json, text/event-stream");
    }

    static Map<String, String> headers(String method, Map<String, ?> params) {
        var headers = new HashMap<String, String>();
        headers.put("MCP-Protocol-Version", STATELESS);
        headers.put("Mcp-Method", method);
        if (params.get("name") instanceof String name) {
            headers.put("Mcp-Name", name);
        }
        return headers;
    }

    static Map<String, Object> message(String method, Map<String, ?> params) {
        return Map.of("jsonrpc", "2.0", "id", 7, "method", method, "params", params);
    }

    static Map<String, Object> withMeta(Map<String, ?> params) {
        var meta = new HashMap<String, Object>();
        meta.put("io.modelcontextprotocol/protocolVersion", STATELESS);
        meta.put("io.modelcontextprotocol/clientInfo", Map.of("name", "test", "version", "1"));
        meta.put("io.modelcontextprotocol/clientCapabilities", Map.of());
        if (params.get("_meta") instanceof Map<?, ?> more) {
            more.forEach((name, value) -> meta.put((String) name, value));
        }
        var all = new HashMap<String, Object>(params);
        all.put("_meta", meta);
        return all;
    }
}

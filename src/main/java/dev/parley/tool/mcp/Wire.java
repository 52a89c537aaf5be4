package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Names that the protocol gives to headers, fields and methods.
final class Wire {

    static final String VERSION_HEADER = "MCP-Protocol-Version";
    static final String SESSION_HEADER = "Mcp-Session-Id";
    static final String METHOD_HEADER = "Mcp-Method";
    static final String NAME_HEADER = "Mcp-Name";

    static final String META = "_meta";
    static final String VERSION_META = "io.modelcontextprotocol/protocolVersion";
    static final String CLIENT_META = "io.modelcontextprotocol/clientInfo";
    static final String CAPABILITIES_META = "io.modelcontextprotocol/clientCapabilities";
    static final String SERVER_META = "io.modelcontextprotocol/serverInfo";

    /// Parley's own: the same for every try of the same call, as an `Idempotency-Key` is.
    static final String IDEMPOTENCY_META = "parley/idempotencyKey";

    /// Parley's own: the effect that a remote tool is asked for, so that it can tell a repetition.
    static final String EFFECT_META = "parley/effectId";

    static final String LIST_TOOLS = "tools/list";
    static final String CALL_TOOL = "tools/call";
    static final String INITIALIZE = "initialize";
    static final String INITIALIZED = "notifications/initialized";

    private Wire() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// A request, or a notification where there is no id.
    static ObjectNode message(String method, JsonNode params) {
        ObjectNode message = object().put("jsonrpc", "2.0").put("method", method);
        message.set("params", params);
        return message;
    }
}

package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.postgres.Json;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The methods that are served: tools, and what a client has to ask before it may ask for them.
@ApplicationScoped
class McpMethods {

    private final ToolListing listing;
    private final ToolCalling calling;
    private final ServerInfo self;
    private final Json json;

    McpMethods(
            ToolListing listing,
            ToolCalling calling,
            @ConfigProperty(name = "quarkus.application.version") String version,
            Json json) {
        this.listing = listing;
        this.calling = calling;
        this.self = new ServerInfo("parley", "Parley", version);
        this.json = json;
    }

    JsonNode answer(McpExchange exchange) {
        return exchange.revision().isStateless() ? stateless(exchange) : withHandshake(exchange);
    }

    private JsonNode stateless(McpExchange exchange) {
        Object result =
                switch (exchange.request().method()) {
                    case "server/discover" -> Handshake.discovered();
                    case Wire.LIST_TOOLS -> listing.list(exchange).cacheable();
                    case Wire.CALL_TOOL -> calling.call(exchange);
                    default -> throw unknown(exchange, 404);
                };
        ObjectNode complete = (ObjectNode) json.toTree(result);
        complete.put("resultType", "complete");
        complete.withObject("/" + Wire.META).set(Wire.SERVER_META, json.toTree(self));
        return complete;
    }

    private JsonNode withHandshake(McpExchange exchange) {
        Object result =
                switch (exchange.request().method()) {
                    case Wire.INITIALIZE -> Handshake.initialized(exchange.request(), self);
                    case "ping" -> Wire.object();
                    case Wire.LIST_TOOLS -> listing.list(exchange);
                    case Wire.CALL_TOOL -> calling.call(exchange);
                    default -> throw unknown(exchange, 200);
                };
        return json.toTree(result);
    }

    private static RpcFailure unknown(McpExchange exchange, int status) {
        return RpcFailure.http(
                status,
                RpcFailure.UNKNOWN_METHOD,
                "Method not found in revision " + exchange.revision().version() + ".");
    }
}

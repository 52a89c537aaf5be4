package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.egress.Egress;
import dev.parley.postgres.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// Asks remote servers: which tools they have, and to run one.
@ApplicationScoped
class RemoteClient {

    private static final Logger LOG = Logger.getLogger(RemoteClient.class);
    private static final int MAX_PAGES = 20;

    private final Egress egress;
    private final Json json;
    private final McpConfig config;
    private final String version;

    RemoteClient(
            Egress egress,
            Json json,
            McpConfig config,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.egress = egress;
        this.json = json;
        this.config = config;
        this.version = version;
    }

    /// @param tools as the server describes them
    record Listing(Revision revision, List<JsonNode> tools) {}

    /// Finds out which revision the server speaks, and asks for its tools.
    ///
    /// @throws RemoteFailure if it does not tell
    Listing list(Endpoint endpoint) {
        var transport = new RemoteTransport(egress, json, endpoint);
        var stateless = new StatelessDialog(transport, self());
        RemoteReply first = stateless.ask(Wire.LIST_TOOLS, Wire.object(), Map.of());
        if (isStateless(first)) {
            return listing(stateless, first.result());
        }
        try (var session = SessionDialog.open(transport, self())) {
            return listing(session, session.result(Wire.LIST_TOOLS, Wire.object()));
        }
    }

    /// Servers of older revisions answer with an error of theirs, or, where they do not mind a missing handshake,
    /// with a result that lacks its type. A refusal of our credentials says nothing of revisions.
    private static boolean isStateless(RemoteReply reply) {
        if (reply.isSuccessful() && reply.code() == 0 && reply.message() != null) {
            return reply.result().has("resultType");
        }
        return reply.isModernError() || reply.status() == 401 || reply.status() == 403 || reply.status() == 429;
    }

    private Listing listing(Dialog dialog, JsonNode first) {
        var tools = new ArrayList<JsonNode>();
        JsonNode page = first;
        for (int pages = 1; ; pages++) {
            page.path("tools").forEach(tools::add);
            JsonNode cursor = page.path("nextCursor");
            if (!cursor.isTextual() || pages >= MAX_PAGES || tools.size() >= config.maxTools()) {
                break;
            }
            page = dialog.result(Wire.LIST_TOOLS, Wire.object().put("cursor", cursor.textValue()));
        }
        return new Listing(dialog.revision(), List.copyOf(tools.subList(0, Math.min(tools.size(), config.maxTools()))));
    }

    /// What a call answers, as text.
    ///
    /// @param revision what the server spoke when it was last asked
    /// @throws RemoteFailure where there is no answer
    /// @throws dev.parley.tool.ToolFailure where it is that the tool failed
    String call(Endpoint endpoint, Revision revision, RemoteCall call) {
        var transport = new RemoteTransport(egress, json, endpoint);
        if (revision.isStateless()) {
            return answer(new StatelessDialog(transport, self()), call);
        }
        try {
            return inSession(transport, call);
        } catch (RemoteFailure failure) {
            if (failure.kind() != RemoteFailure.Kind.SESSION_OVER) {
                throw failure;
            }
            LOG.info("An MCP server ended the session before a call: trying once more");
            return inSession(transport, call);
        }
    }

    private String inSession(RemoteTransport transport, RemoteCall call) {
        try (var session = SessionDialog.open(transport, self())) {
            return answer(session, call);
        }
    }

    private String answer(Dialog dialog, RemoteCall call) {
        ObjectNode params = Wire.object().put("name", call.name());
        params.set("arguments", call.arguments());
        params.withObject("/" + Wire.META).put(Wire.EFFECT_META, call.effect().toString());
        RemoteReply reply = dialog.ask(Wire.CALL_TOOL, params, call.mirrored().of(new HashMap<>(), call.arguments()));
        return RemoteResult.text(reply.result());
    }

    private ObjectNode self() {
        return Wire.object().put("name", "parley").put("version", version);
    }
}

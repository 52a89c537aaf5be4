package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Requests of one session, which a handshake begins. It is not kept for later: another process may serve what comes
/// next.
final class SessionDialog implements Dialog {

    private final RemoteTransport transport;
    private final Revision revision;
    private final @Nullable String session;
    private int lastId = 1;

    private SessionDialog(RemoteTransport transport, Revision revision, @Nullable String session) {
        this.transport = transport;
        this.revision = revision;
        this.session = session;
    }

    /// @param self who we are
    /// @throws RemoteFailure if the server does not take part
    static SessionDialog open(RemoteTransport transport, ObjectNode self) {
        ObjectNode params = Wire.object().put("protocolVersion", Revision.NEWEST_WITH_HANDSHAKE.version());
        params.set("capabilities", Wire.object());
        params.set("clientInfo", self);
        RemoteReply reply =
                transport.post(Map.of(), Wire.message(Wire.INITIALIZE, params).put("id", 1));
        Revision revision = Revision.of(reply.result().path("protocolVersion").asText())
                .filter(known -> !known.isStateless())
                .orElseThrow(() -> new RemoteFailure(
                        RemoteFailure.Kind.REFUSED, "The MCP server speaks no revision that is spoken here."));
        var dialog = new SessionDialog(
                transport, revision, reply.headers().first(Wire.SESSION_HEADER).orElse(null));
        transport.post(dialog.headers(), Wire.message(Wire.INITIALIZED, Wire.object()));
        return dialog;
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public RemoteReply ask(String method, ObjectNode params, Map<String, String> headers) {
        JsonNode message = Wire.message(method, params).put("id", ++lastId);
        RemoteReply reply = transport.post(headers(), message);
        if (reply.status() == 404 && session != null) {
            throw new RemoteFailure(RemoteFailure.Kind.SESSION_OVER, "The MCP server ended the session.");
        }
        return reply;
    }

    private Map<String, String> headers() {
        var headers = new HashMap<>(Map.of(Wire.VERSION_HEADER, revision.version()));
        if (session != null) {
            headers.put(Wire.SESSION_HEADER, session);
        }
        return headers;
    }

    /// What was asked is answered: nobody waits for it, and it must not make the answer late.
    @Override
    public void close() {
        if (session != null) {
            Thread.startVirtualThread(() -> transport.delete(headers()));
        }
    }
}

package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/// Each request says by itself what it needs.
record StatelessDialog(RemoteTransport transport, ObjectNode self) implements Dialog {

    @Override
    public Revision revision() {
        return Revision.NEWEST;
    }

    @Override
    public RemoteReply ask(String method, ObjectNode params, Map<String, String> headers) {
        var all = new HashMap<>(headers);
        all.put(Wire.VERSION_HEADER, revision().version());
        all.put(Wire.METHOD_HEADER, method);
        if (method.equals(Wire.CALL_TOOL)) {
            all.put(Wire.NAME_HEADER, params.path("name").asText());
        }
        ObjectNode meta = params.withObject("/" + Wire.META);
        meta.put(Wire.VERSION_META, revision().version());
        meta.set(Wire.CLIENT_META, self);
        meta.set(Wire.CAPABILITIES_META, Wire.object());
        return transport.post(all, Wire.message(method, params).put("id", 1));
    }

    @Override
    public void close() {}
}

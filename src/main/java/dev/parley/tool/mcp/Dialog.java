package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/// Requests to a remote server in its revision of the protocol.
sealed interface Dialog extends AutoCloseable permits StatelessDialog, SessionDialog {

    Revision revision();

    /// @param headers of this request, where the revision has such
    /// @throws RemoteFailure if there is no answer
    RemoteReply ask(String method, ObjectNode params, Map<String, String> headers);

    /// The result of a request without headers.
    ///
    /// @throws RemoteFailure where there is none
    default JsonNode result(String method, ObjectNode params) {
        return ask(method, params, Map.of()).result();
    }

    @Override
    void close();
}

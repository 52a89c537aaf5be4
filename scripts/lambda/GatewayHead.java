import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Status and headers of an answer, as a function states them: in a stream's prelude, or beside a buffered body.
record GatewayHead(int status, List<Wire.Field> fields) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// About the connection to the client, which is the gateway's.
    private static final Set<String> DROPPED = Set.of("connection", "content-length", "keep-alive", "trailer",
            "transfer-encoding", "upgrade");

    /// What API Gateway renames: it has its own.
    private static final Set<String> REMAPPED = Set.of("date", "server", "www-authenticate");

    static JsonNode parse(byte[] json) throws IOException {
        return JSON.readTree(json);
    }

    static byte[] json(Object value) throws IOException {
        return JSON.writeValueAsBytes(value);
    }

    /// @throws IOException if it is not what API Gateway expects
    static GatewayHead of(JsonNode answer) throws IOException {
        int status = answer == null ? 0 : answer.path("statusCode").asInt(0);
        if (status < 200 || status > 599) throw new IOException("malformed proxy response: no statusCode");
        var fields = new ArrayList<Wire.Field>();
        var multiple = answer.path("multiValueHeaders");
        for (var header : answer.path("headers").properties()) {
            // Where both name it, the one with many values wins.
            if (!multiple.has(header.getKey())) add(fields, header.getKey(), header.getValue().asText());
        }
        for (var header : multiple.properties()) {
            for (var value : header.getValue()) add(fields, header.getKey(), value.asText());
        }
        for (var cookie : answer.path("cookies")) add(fields, "Set-Cookie", cookie.asText());
        return new GatewayHead(status, fields);
    }

    private static void add(List<Wire.Field> fields, String name, String value) {
        var lower = name.toLowerCase(Locale.ROOT);
        if (DROPPED.contains(lower)) return;
        fields.add(new Wire.Field(REMAPPED.contains(lower) ? "x-amzn-Remapped-" + name : name, value));
    }

    /// Whether an answer of this status has no body at all (RFC 9110, 6.4.1).
    boolean isBodiless() {
        return status == 204 || status == 304;
    }
}

package dev.parley.tool.mcp;

import jakarta.ws.rs.core.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Which revision a request is in, and whether its headers say what its body says: what stands between a client and
/// this process decides on headers, this process on the body, and the two must not differ.
///
/// Sources: https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning and, for the headers,
/// https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
final class Negotiation {

    private static final String ENCODED = "=?base64?";
    private static final String ENCODED_END = "?=";

    private Negotiation() {}

    /// @throws RpcFailure (400) if it is in none that is spoken here, or contradicts itself
    static Revision revision(RpcRequest request, HttpHeaders headers) {
        String header = headers.getHeaderString(Wire.VERSION_HEADER);
        String version = request.text(request.meta(Wire.VERSION_META)).orElse(null);
        if (version != null) {
            return stateless(request, headers, version);
        }
        if (request.method().equals(Wire.INITIALIZE)) {
            return Revision.NEWEST_WITH_HANDSHAKE;
        }
        if (header == null) {
            return Revision.UNSAID;
        }
        Revision revision = Revision.of(header).orElseThrow(() -> unsupported(header));
        if (revision.isStateless()) {
            throw invalid("'%s' is missing in '_meta'.".formatted(Wire.VERSION_META));
        }
        return revision;
    }

    private static Revision stateless(RpcRequest request, HttpHeaders headers, String version) {
        match(headers, Wire.VERSION_HEADER, version);
        Revision revision = Revision.of(version).filter(Revision::isStateless).orElseThrow(() -> unsupported(version));
        if (request.id() == null) {
            return revision;
        }
        match(headers, Wire.METHOD_HEADER, request.method());
        if (request.method().equals(Wire.CALL_TOOL)) {
            match(headers, Wire.NAME_HEADER, request.params().path("name").asText());
        }
        if (!request.meta(Wire.CAPABILITIES_META).isObject()) {
            throw invalid("'%s' is missing in '_meta'.".formatted(Wire.CAPABILITIES_META));
        }
        return revision;
    }

    private static void match(HttpHeaders headers, String name, String value) {
        String header = headers.getHeaderString(name);
        if (header == null || !value.equals(decoded(header))) {
            throw RpcFailure.http(
                    400,
                    RpcFailure.HEADER_MISMATCH,
                    "The header '%s' has to be there and to say what the body says.".formatted(name));
        }
    }

    /// Null where it cannot be decoded.
    private static @Nullable String decoded(String header) {
        if (!header.startsWith(ENCODED) || !header.endsWith(ENCODED_END)) {
            return header;
        }
        try {
            String inner = header.substring(
                    ENCODED.length(), Math.max(ENCODED.length(), header.length() - ENCODED_END.length()));
            return new String(Base64.getDecoder().decode(inner), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    private static RpcFailure unsupported(String version) {
        var data = Wire.object();
        Revision.versions().forEach(data.putArray("supported")::add);
        data.put("requested", version);
        return RpcFailure.http(400, RpcFailure.UNSUPPORTED_REVISION, "Unsupported protocol version")
                .with(data);
    }

    private static RpcFailure invalid(String why) {
        return RpcFailure.http(400, RpcFailure.INVALID_PARAMS, why);
    }
}

package dev.parley.tool.mcp;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.stream.Stream;

/// How clients learn what this server can do: by a handshake, or, since 2026-07-28, by asking if they like.
final class Handshake {

    private Handshake() {}

    @RegisterForReflection
    record Capabilities(Tools tools) {

        static final Capabilities OURS = new Capabilities(new Tools(false));

        @RegisterForReflection
        record Tools(boolean listChanged) {}
    }

    @RegisterForReflection
    record Initialized(String protocolVersion, Capabilities capabilities, ServerInfo serverInfo) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Discovered(List<String> supportedVersions, Capabilities capabilities, int ttlMs, String cacheScope) {}

    /// The client's version if it has a handshake and is known, else the newest such: it is for the client then to
    /// leave.
    static Initialized initialized(RpcRequest request, ServerInfo self) {
        Revision revision = request.text(request.params().path("protocolVersion"))
                .flatMap(Revision::of)
                .filter(known -> !known.isStateless())
                .orElse(Revision.NEWEST_WITH_HANDSHAKE);
        return new Initialized(revision.version(), Capabilities.OURS, self);
    }

    static Discovered discovered() {
        List<String> versions = Stream.of(Revision.values())
                .filter(Revision::isStateless)
                .map(Revision::version)
                .toList();
        return new Discovered(versions, Capabilities.OURS, 3_600_000, "public");
    }
}

package dev.parley.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/// The application under test may reach one port of this machine, where a test starts a [ScriptedMcpServer].
public final class McpServersReached implements QuarkusTestProfile {

    static final String PORT_PROPERTY = "test.scripted-mcp-server.port";

    @Override
    public Map<String, String> getConfigOverrides() {
        String port = Integer.toString(FreePort.choose());
        return Map.of(
                PORT_PROPERTY,
                port,
                "parley.egress.schemes",
                "http,https",
                "parley.egress.ports",
                port,
                "parley.egress.allowed-ranges",
                "127.0.0.1/32");
    }
}

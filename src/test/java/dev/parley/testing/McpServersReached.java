package dev.parley.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/// The application under test may reach one port of this machine, where a test starts a [ScriptedMcpServer].
public final class McpServersReached implements QuarkusTestProfile {

    static final String PORT_PROPERTY = "test.scripted-mcp-server.port";

    @Override
    public Map<String, String> getConfigOverrides() {
        String port = Integer.toString(freePort());
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

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.model.Spend;
import dev.parley.postgres.TenantId;
import dev.parley.testing.FreePort;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.config.ConfigProvider;

/// What tools reach in tests: one server on a loopback address that egress lets through, and the logins of readers.
public class ToolWorld implements QuarkusTestProfile {

    static final String PASSWORD = "reader-secret";

    @Override
    public Map<String, String> getConfigOverrides() {
        var config = new TreeMap<String, String>();
        config.put("test.tool-server.port", Integer.toString(FreePort.choose()));
        config.put("parley.egress.schemes", "http,https");
        config.put("parley.egress.ports", "${test.tool-server.port}");
        config.put("parley.egress.allowed-ranges", "127.0.0.1/32");
        config.put("parley.tools.sql.max-time", "1s");
        config.put("parley.tools.sql.max-rows", "10");
        config.put("parley.tools.sql.max-bytes", "16K");
        database(config, "reports", "parley_test_reader", "*");
        database(config, "own", "parley_test_{tenant}", "*");
        database(config, "elsewhere", "parley_test_reader", "tenant_00000000000000000000000000000009");
        database(config, "mighty", "parley_test_mighty", "*");
        database(config, "absent", "parley_test_nobody", "*");
        return config;
    }

    private static void database(Map<String, String> config, String name, String username, String tenants) {
        String prefix = "parley.tools.sql.databases." + name + ".";
        config.put(prefix + "username", username);
        config.put(prefix + "password", PASSWORD);
        config.put(prefix + "schema", "parley_test_reports");
        config.put(prefix + "tenants", tenants);
    }

    static int port() {
        return ConfigProvider.getConfig().getValue("test.tool-server.port", Integer.class);
    }

    static String url() {
        return "http://127.0.0.1:" + port();
    }

    /// One call, as a turn makes it.
    static String call(TenantId tenant, String tool, String arguments) {
        return call(tenant, tool, RecordSchemaTest.json(arguments));
    }

    static String call(TenantId tenant, String tool, JsonNode arguments) {
        return find(tenant, tool).call(invocation(tenant, arguments, UUID.randomUUID()));
    }

    static Tool find(TenantId tenant, String tool) {
        return Arc.container()
                .instance(Toolbox.class)
                .get()
                .reopen(tenant, ToolSelection.named(Set.of(tool)))
                .find(tool)
                .orElseThrow();
    }

    static Invocation invocation(TenantId tenant, String arguments, UUID effect) {
        return invocation(tenant, RecordSchemaTest.json(arguments), effect);
    }

    private static Invocation invocation(TenantId tenant, JsonNode arguments, UUID effect) {
        return new Invocation(tenant, null, arguments, effect, Duration.ofSeconds(3), Spend.UNMETERED);
    }

    /// The server that tools talk to.
    static final class Server implements AutoCloseable {

        record Request(String method, String uri, Map<String, String> headers, String body) {}

        interface Script {
            void answer(HttpExchange exchange) throws IOException;
        }

        final List<Request> requests = new CopyOnWriteArrayList<>();
        private final HttpServer server;

        Server() {
            try {
                server = HttpServer.create(new InetSocketAddress("127.0.0.1", port()), 0);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
        }

        Server on(String path, Script script) {
            server.createContext(path, exchange -> {
                try (exchange) {
                    requests.add(new Request(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().toString(),
                            headers(exchange),
                            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
                    script.answer(exchange);
                }
            });
            return this;
        }

        Server on(String path, int status, String type, String body) {
            return on(path, exchange -> send(exchange, status, type, body.getBytes(StandardCharsets.UTF_8)));
        }

        static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
            if (!type.isEmpty()) {
                exchange.getResponseHeaders().set("Content-Type", type);
            }
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }

        private static Map<String, String> headers(HttpExchange exchange) {
            var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
            return headers;
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}

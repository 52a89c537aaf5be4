package dev.parley.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.FakeRuntimeApi;
import dev.parley.testing.ParleyProcess;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A process whose secrets are in Secrets Manager: a server of the test that speaks its protocol.
@QuarkusTest
@Tag("packaged")
class SecretsIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    Transactions transactions;

    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer manager;

    @BeforeEach
    void start() throws IOException {
        manager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        manager.createContext("/", this::answer);
        manager.start();
    }

    @AfterEach
    void stop() {
        manager.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody());
        String id = request.path("SecretId").asText();
        asked.add(exchange.getRequestHeaders().getFirst("X-Amz-Target") + " " + id);
        String secret = secrets.get(id);
        byte[] body = JSON.writeValueAsBytes(
                secret == null
                        ? Map.of("__type", "ResourceNotFoundException", "message", "no such secret")
                        : Map.of("SecretString", secret));
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(secret == null ? 400 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Map<String, String> environment(Map<String, String> more) {
        var environment = new ConcurrentHashMap<>(more);
        environment.put(
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                "http://127.0.0.1:" + manager.getAddress().getPort());
        environment.put("AWS_REGION", "eu-central-1");
        environment.put("AWS_ACCESS_KEY_ID", "AKIATEST");
        environment.put("AWS_SECRET_ACCESS_KEY", "test");
        return environment;
    }

    private static String login(String username, String password) {
        return "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(username, password);
    }

    private static String own(String name) {
        return ConfigProvider.getConfig().getValue("quarkus.datasource." + name, String.class);
    }

    @Test
    void theMigrationMakesTheAppsLoginAndTheAppLogsInWithIt() throws Exception {
        String name = "app_" + UUID.randomUUID().toString().replace("-", "");
        String password = "it's \"quoted\" %s".formatted(UUID.randomUUID()).replace("\"", "");
        secrets.put("owner", login(own("username"), own("password")));
        secrets.put("app", login(name, password));
        secrets.put(
                "providers",
                "{\"OPENAI_API_KEY\":\"sk-from-the-secret\","
                        + "\"PARLEY_MODELS_PROVIDERS_MINE_API_KEY\":\"sk-mine\"}");
        try (var lambda = new FakeRuntimeApi();
                var process = ParleyProcess.function(
                        lambda,
                        Map.of("parley.embedding-model", "none"),
                        environment(Map.of(
                                "PARLEY_FUNCTION", "migrate",
                                "PARLEY_DATABASE_SECRET", "owner",
                                "PARLEY_APP_SECRET", "app")))) {
            assertThat(lambda.invoke("{}").whole()).contains("schema_version");
            assertThat(lambda.invoke("{}").whole()).contains("\"applied\":0");
        }
        try (var lambda = new FakeRuntimeApi();
                var process = ParleyProcess.function(
                        lambda,
                        Map.of(
                                "parley.embedding-model", "none",
                                "quarkus.flyway.migrate-at-start", "false",
                                "parley.models.providers.mine.type", "openai",
                                "parley.models.chat.mine.provider", "mine",
                                "parley.models.chat.mine.name", "mine",
                                "parley.models.chat.mine.context-window", "8192",
                                "parley.models.chat.mine.max-output-tokens", "1024"),
                        environment(Map.of("PARLEY_DATABASE_SECRET", "app", "PARLEY_PROVIDERS_SECRET", "providers")))) {
            String models =
                    "{\"httpMethod\":\"GET\",\"path\":\"/v1/models\",\"multiValueHeaders\":{\"Authorization\":[\"Bearer sk-parley-dev\"]}}";
            var answer = lambda.invoke(models);
            assertThat(JSON.readTree(answer.prelude()).get("statusCode").asInt())
                    .isEqualTo(200);
            assertThat(answer.rest()).contains("gpt-", "\"id\":\"mine\"");
        }
        assertThat(asked)
                .containsExactlyInAnyOrder(
                        "secretsmanager.GetSecretValue owner",
                        "secretsmanager.GetSecretValue app",
                        "secretsmanager.GetSecretValue app",
                        "secretsmanager.GetSecretValue providers");
        assertThat(superfluousRights(name)).isEmpty();
    }

    @Test
    void aSecretThatIsNotThereIsAFailedStartThatNamesIt() throws Exception {
        try (var lambda = new FakeRuntimeApi();
                var process = ParleyProcess.function(
                        lambda, Map.of(), environment(Map.of("PARLEY_DATABASE_SECRET", "nowhere")))) {
            assertThat(lambda.startFailure().get(90, TimeUnit.SECONDS)).contains("no such secret");
            await().untilAsserted(
                            () -> assertThat(process.log()).contains("The process cannot start", "no such secret"));
        }
    }

    private List<String> superfluousRights(String login) {
        return transactions.withoutTenant(connection -> Sql.list(
                connection,
                "SELECT rolname FROM pg_roles WHERE rolname = ? AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolinherit)",
                row -> row.getString(1),
                login));
    }
}

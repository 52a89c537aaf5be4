package dev.parley.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.Api;
import dev.parley.testing.CapturedLogs;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class LogsIT {

    private static final Logger LOG = Logger.getLogger(LogsIT.class);
    private static final int REQUESTS = 40;

    private final CapturedLogs logs = CapturedLogs.start();

    @AfterEach
    void stop() {
        logs.close();
    }

    @Test
    void everyLineOfARequestCarriesItsIdOnVirtualThreadsToo() throws Exception {
        try (var clients = Executors.newFixedThreadPool(8)) {
            List<Future<Response>> answers = IntStream.range(0, REQUESTS)
                    .mapToObj(i -> clients.submit(() -> log("line " + i + ".")))
                    .toList();
            for (int i = 0; i < REQUESTS; i++) {
                Response answer = answers.get(i).get();
                assertThat(answer.asString()).isEqualTo("virtual");
                assertThat(line("line " + i + ".").getMdc(RequestIds.LOG_FIELD))
                        .isEqualTo(answer.header(RequestIds.HEADER));
            }
        }
    }

    @Test
    void linesOutsideARequestCarryNone() throws Exception {
        log("inside");
        LOG.info("outside");
        Thread.ofVirtual().start(() -> LOG.info("elsewhere")).join();

        assertThat(line("outside").getMdc(RequestIds.LOG_FIELD)).isNull();
        assertThat(line("elsewhere").getMdc(RequestIds.LOG_FIELD)).isNull();
    }

    @Test
    void neitherKeysNorContentAreLogged() {
        String canary = "canary" + UUID.randomUUID();
        String admin = Api.newTenant();
        String secret =
                Api.as(admin).body(Map.of("name", canary)).post("/v1/keys").path("value");
        Api.as(secret).get("/v1/keys");
        Api.as("sk-parley-" + canary).get("/v1/keys");
        Api.as(canary).get("/v1/keys");
        Api.as(admin).body("{\"" + canary + "\":1}").post("/v1/keys");
        Api.as(admin).body("{\"name\":" + canary).post("/v1/keys");
        Api.as(admin).body(Map.of("name", canary, "scopes", List.of(canary))).post("/v1/keys");
        Api.as(admin).get("/v1/keys?after=" + canary);
        Api.as(admin).get("/" + canary);

        assertThat(logs.text()).doesNotContain(canary).doesNotContain(secret).doesNotContain(admin);
    }

    private static Response log(String line) {
        return Api.anonymous().get("/test/logs?line=" + line).andReturn();
    }

    private ExtLogRecord line(String message) {
        return logs.records().stream()
                .filter(one -> message.equals(one.getFormattedMessage()))
                .findFirst()
                .orElseThrow();
    }
}

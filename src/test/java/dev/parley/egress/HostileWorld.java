package dev.parley.egress;

import static dev.parley.egress.HostileServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/// A hostile server and a hostile resolver around the real thing. After each test nothing may be left: no connection,
/// no place held.
@Timeout(60)
abstract class HostileWorld {

    private static Vertx vertx;

    final HostileResolver resolver = new HostileResolver().answer("outer.test", TestEgress.PUBLIC);
    final HostileServer server = new HostileServer(TestEgress.PUBLIC);
    TestEgress egress = new TestEgress(vertx, resolver, server.port());

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        vertx.close();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(egress.isIdle()).isTrue();
            assertThat(server.isIdle()).isTrue();
        });
        egress.close();
        server.close();
    }

    void configure(String... overrides) {
        egress.close();
        egress = new TestEgress(vertx, resolver, server.port(), overrides);
    }

    String url(String host, String path) {
        return "http://" + host + ":" + server.port() + path;
    }

    EgressRequest get(String path) {
        return EgressRequest.get(url("outer.test", path));
    }

    static EgressRequest post(String url, String body) {
        return EgressRequest.of(EgressMethod.POST, url, body.getBytes(StandardCharsets.UTF_8));
    }

    String text(EgressRequest request) {
        return new String(egress.fetch(request).body(), StandardCharsets.UTF_8);
    }

    EgressError failure(EgressRequest request) {
        return catchThrowableOfType(EgressFailure.class, () -> egress.fetch(request))
                .error();
    }

    EgressError failure(String path) {
        return failure(get(path));
    }

    static void endless(OutputStream out) throws IOException {
        byte[] piece = new byte[8192];
        while (true) {
            out.write(piece);
        }
    }

    static void slowly(OutputStream out) throws Exception {
        while (true) {
            write(out, "x");
            Thread.sleep(50);
        }
    }
}

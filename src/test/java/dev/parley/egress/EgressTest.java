package dev.parley.egress;

import static dev.parley.egress.HostileServer.ok;
import static dev.parley.egress.HostileServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.CapturedLogs;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What comes back, what is never sent, and what is told of it.
class EgressTest extends HostileWorld {

    @Test
    void fetchesAWholeAnswer() {
        server.on("/page", ok("text/html; charset=utf-8", "hello"));
        EgressResponse response = egress.fetch(get("/page?q=1#part").withHeader("X-Key", "k"));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.isSuccessful()).isTrue();
        assertThat(response.body()).asString().isEqualTo("hello");
        assertThat(response.headers().first("content-TYPE")).contains("text/html; charset=utf-8");
        assertThat(response.url()).isEqualTo(url("outer.test", "/page?q=1"));
        assertThat(server.requests()).singleElement().satisfies(request -> {
            assertThat(request.path()).isEqualTo("/page?q=1");
            assertThat(request.headers())
                    .containsEntry("Host", "outer.test:" + server.port())
                    .containsEntry("X-Key", "k")
                    .containsEntry("Accept-Encoding", "gzip");
        });
    }

    @Test
    void sendsBodiesAndAnswersErrorsAsTheyAre() {
        server.on(
                "/tool",
                (request, out) -> write(
                        out,
                        "HTTP/1.1 422 No\r\nContent-Length: %d\r\n\r\n%s"
                                .formatted(request.body().length(), request.body())));
        EgressResponse response = egress.fetch(post(url("outer.test", "/tool"), "{\"a\":1}"));
        assertThat(response.status()).isEqualTo(422);
        assertThat(response.body()).asString().isEqualTo("{\"a\":1}");
    }

    @Test
    void anAnswerMayHaveNoBody() {
        server.on("/none", "HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n");
        server.on("/head", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\nContent-Encoding: gzip\r\n\r\n");
        assertThat(text(get("/none").accepting("text/html"))).isEmpty();
        assertThat(text(EgressRequest.of(EgressMethod.HEAD, url("outer.test", "/head"), new byte[0])))
                .isEmpty();
    }

    @Test
    void aLargeAnswerComesWholeThroughASlowReader() throws Exception {
        byte[] large = new byte[3_000_000];
        new Random(1).nextBytes(large);
        server.on("/large", (_, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n".formatted(large.length));
            out.write(large);
        });
        try (EgressStream stream = egress.egress().open(get("/large"))) {
            var read = new ByteArrayOutputStream();
            byte[] buffer = new byte[300_000];
            for (int n = stream.body().read(buffer); n >= 0; n = stream.body().read(buffer)) {
                read.write(buffer, 0, n);
                Thread.onSpinWait();
            }
            assertThat(Arrays.equals(read.toByteArray(), large)).isTrue();
        }
    }

    @Test
    void schemesPortsAndHostsAreTheOperators() {
        configure("schemes", "https", "allowed-hosts", "*.good.test", "denied-hosts", "bad.good.test");
        assertThat(failure("/")).isEqualTo(new EgressError.ForbiddenScheme("http"));
        assertThat(failure(EgressRequest.get("ftp://outer.test/"))).isEqualTo(new EgressError.ForbiddenScheme("ftp"));
        assertThat(failure(EgressRequest.get("https://a.good.test:22/"))).isEqualTo(new EgressError.ForbiddenPort(22));
        configure("allowed-hosts", "*.good.test", "denied-hosts", "bad.good.test");
        assertThat(failure("/")).isEqualTo(new EgressError.ForbiddenHost("outer.test"));
        assertThat(failure(EgressRequest.get(url("bad.good.test", "/"))))
                .isEqualTo(new EgressError.ForbiddenHost("bad.good.test"));
        assertThat(failure(EgressRequest.get(url("BAD.good.test.", "/"))))
                .isEqualTo(new EgressError.ForbiddenHost("bad.good.test"));
        assertThat(failure(EgressRequest.get(url("fine.good.test", "/"))))
                .isEqualTo(new EgressError.Unresolvable("fine.good.test"));
    }

    @ParameterizedTest
    @CsvSource({
        "X-A, 'a\r\nX-B: b'",
        "X-A, 'a\nb'",
        "'X-A\r\nX-B', b",
        "'X A', b",
        "X-A, 'a\u0000'",
        "X-A, 'é'",
        "'', a",
        "Host, evil.test",
        "content-length, 5",
        "Transfer-Encoding, chunked",
        "Connection, upgrade",
        "Upgrade, h2c",
        "Proxy-Authorization, x",
        "TE, trailers",
        "Accept-Encoding, br",
        "Expect, 100-continue",
    })
    void headersThatWouldChangeTheMessageAreRefused(String name, String value) {
        assertThat(failure(get("/").withHeader(name, value))).isInstanceOf(EgressError.InvalidHeader.class);
        assertThat(server.connections()).isZero();
    }

    @Test
    void logsNameHostAndVerdictAndNoSecrets() {
        server.on("/path-secret", ok("text/plain", "body-secret"));
        resolver.answer("inner.test", "10.1.2.3");
        CapturedLogs logs = CapturedLogs.start();
        try {
            egress.fetch(get("/path-secret?token=query-secret").withHeader("Authorization", "header-secret"));
            failure(EgressRequest.get(url("inner.test", "/path-secret?query-secret")));
            assertThat(logs.text())
                    .contains("GET http://outer.test:" + server.port() + ": 200")
                    .contains("GET to http://inner.test:" + server.port() + ": ForbiddenAddress")
                    .contains("10.1.2.3")
                    .doesNotContain("secret");
        } finally {
            logs.close();
        }
    }
}

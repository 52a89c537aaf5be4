package dev.parley.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.parley.testing.Api;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Failures that happen before or beside the resources have the same envelope.
@QuarkusTest
class EnvelopeIT {

    @Test
    void anUnknownUrlAnywhereGetsTheEnvelope() {
        for (String path : new String[] {"/", "/nope", "/v1", "/q/nope", "/v2/chat"}) {
            Api.anonymous()
                    .get(path)
                    .then()
                    .statusCode(404)
                    .contentType(startsWith("application/json"))
                    .header("x-request-id", startsWith("req_"))
                    .body("error.code", equalTo("unknown_url"));
        }
    }

    @Test
    void aBodyAboveTheLimitIsRefusedBeforeItIsSent() throws IOException {
        String answer = raw("POST /v1/keys HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk-parley-dev\r\n"
                + "Content-Type: application/json\r\nContent-Length: 1000000000\r\nConnection: close\r\n\r\n{");
        assertThat(answer)
                .startsWith("HTTP/1.1 413")
                .contains("\"code\":\"request_too_large\"")
                .contains("x-request-id: req_");
    }

    @Test
    void aRequestThatIsNotHttpGetsAStatusAndNoDetail() throws IOException {
        assertThat(raw("nonsense\r\n\r\n")).contains(" 400 ");
        assertThat(raw("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX-Big: " + "a".repeat(100_000) + "\r\n\r\n"))
                .contains(" 431 ");
    }

    private static String raw(String request) throws IOException {
        URI url = URI.create(Api.url());
        try (var socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

package dev.parley.api;

import static dev.parley.testing.Api.DEVELOPMENT_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.knowledge.KnowledgeProfile;
import dev.parley.testing.Api;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(KnowledgeProfile.class)
class BodyLimitsIT {

    private static final int OVER_16_MB = 17 * 1024 * 1024;
    private static final long OVER_128_MB = 129L * 1024 * 1024;

    @Test
    void aStatedLengthOverTheLimitIsRefusedUnread() throws IOException {
        assertRefused(answerTo("application/json", OVER_16_MB), 16 * 1024 * 1024);
        assertRefused(answerTo("multipart/form-data; boundary=x", OVER_128_MB), 128 * 1024 * 1024);
    }

    @Test
    void aBodyOfUnstatedLengthIsCountedWhileItIsRead() throws IOException, InterruptedException {
        byte[] body = new byte[OVER_16_MB];
        java.util.Arrays.fill(body, (byte) ' ');
        var request = HttpRequest.newBuilder(URI.create(Api.url() + "/v1/vector_stores"))
                .header("Authorization", "Bearer " + DEVELOPMENT_KEY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .build();

        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body()).contains("request_too_large", String.valueOf(16 * 1024 * 1024));
        }
    }

    private static void assertRefused(String answer, long limit) {
        assertThat(answer)
                .startsWith("HTTP/1.1 413")
                .contains("x-request-id: req_", "\"code\":\"request_too_large\"", String.valueOf(limit));
    }

    /// Sends the head of a request and none of its body.
    private static String answerTo(String type, long length) throws IOException {
        URI server = URI.create(Api.url());
        try (var socket = new Socket(server.getHost(), server.getPort())) {
            socket.getOutputStream()
                    .write("""
                    POST /v1/files HTTP/1.1\r
                    Host: localhost\r
                    Authorization: Bearer %s\r
                    Content-Type: %s\r
                    Content-Length: %d\r
                    \r
                    """.formatted(DEVELOPMENT_KEY, type, length).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

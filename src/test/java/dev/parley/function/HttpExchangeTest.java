package dev.parley.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpExchangeTest {

    @Test
    void anInterimAnswerIsPassedOver() throws Exception {
        assertThat(bodyOf("GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"))
                .isEqualTo("hi");
    }

    @Test
    void aBodyWithoutALengthEndsWithTheConnection() throws Exception {
        assertThat(bodyOf("GET", "HTTP/1.1 200 OK\r\n\r\nall of it")).isEqualTo("all of it");
    }

    @Test
    void anAnswerToHeadHasNoBodyWhateverItsLength() throws Exception {
        assertThat(bodyOf("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"))
                .isEmpty();
        assertThat(bodyOf("GET", "HTTP/1.1 204 No Content\r\n\r\n")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "SMTP 200\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n"
            })
    void aMalformedOrCutAnswerIsAFailure(String answer) {
        assertThatThrownBy(() -> bodyOf("GET", answer)).isInstanceOf(IOException.class);
    }

    @Test
    void anEndlessHeadIsAFailure() {
        assertThatThrownBy(() -> bodyOf("GET", "HTTP/1.1 200 OK\r\nA: " + "a".repeat(20_000)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> bodyOf("GET", "HTTP/1.1 200 OK\r\n" + "A: a\r\n".repeat(300)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too many");
    }

    private static String bodyOf(String method, String answer) throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var socket = server.accept()) {
                    while (!HttpLines.read(socket.getInputStream()).isEmpty()) {}
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                } catch (IOException clientGone) {
                    // the client is what is tested
                }
            });
            var address = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
            try (var exchange = HttpExchange.connect(address)) {
                exchange.send(new HttpRequest(method, "/", List.of(new Header("Host", "test"))), new byte[0]);
                return new String(exchange.answer().body().readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }
}

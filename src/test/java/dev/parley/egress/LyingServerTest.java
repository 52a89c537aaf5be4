package dev.parley.egress;

import static dev.parley.egress.HostileServer.ok;
import static dev.parley.egress.HostileServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Answers that are not what they say.
class LyingServerTest extends HostileWorld {

    @Test
    void aBodyThatEndsEarlyIsNoAnswer() {
        server.on("/length", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        server.on("/chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf");
        server.on("/last", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
        server.on("/nothing", "");
        for (String path : new String[] {"/length", "/chunk", "/last", "/nothing"}) {
            assertThat(failure(path)).as(path).isEqualTo(new EgressError.BrokenOff("outer.test"));
        }
    }

    @Test
    void whatIsNotHttpIsNoAnswer() {
        server.on("/ssh", "SSH-2.0-OpenSSH_9.6\r\n\r\n");
        server.on("/size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\nx\r\n");
        server.on("/negative", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nx\r\n");
        server.on("/lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy");
        for (String path : new String[] {"/ssh", "/size", "/negative", "/lengths"}) {
            assertThat(failure(path)).as(path).isEqualTo(new EgressError.Malformed("outer.test"));
        }
    }

    @Test
    void whatIsLeftOnAConnectionIsNobodysAnswer() {
        server.on("/one", ok("text/plain", "one") + ok("text/plain", "planted"));
        server.on("/two", ok("text/plain", "two"));
        assertThat(text(get("/one"))).isEqualTo("one");
        assertThat(text(get("/two"))).isEqualTo("two");
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void aServerThatKeepsTheConnectionOpenIsLeft() {
        server.on("/", (_, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok");
            Thread.sleep(100);
            endless(out);
        });
        assertThat(text(get("/"))).isEqualTo("ok");
    }

    @Test
    void typesThatNobodyAskedForAreRefused() {
        server.on("/html", ok("Text/HTML;charset=x", "page")).on("/exe", ok("application/x-msdownload", "MZ"));
        server.on("/none", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
        server.on("/error", "HTTP/1.1 500 No\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\noops");
        assertThat(text(get("/html").accepting("text/*"))).isEqualTo("page");
        assertThat(text(get("/html").accepting("text/html", "text/plain"))).isEqualTo("page");
        assertThat(text(get("/error").accepting("text/html"))).isEqualTo("oops");
        assertThat(failure(get("/exe").accepting("text/html")))
                .isEqualTo(new EgressError.WrongContentType("application/x-msdownload"));
        assertThat(failure(get("/none").accepting("text/html"))).isEqualTo(new EgressError.WrongContentType(null));
    }

    @Test
    void cookiesAreNotKept() {
        server.on("/", "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
        egress.fetch(get("/"));
        egress.fetch(get("/"));
        assertThat(server.requests())
                .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("Cookie"));
    }

    @Test
    void proxiesOfTheEnvironmentAreNotUsed() {
        server.on("/", ok("text/plain", "direct"));
        System.setProperty("http.proxyHost", TestEgress.INNER);
        System.setProperty("http.proxyPort", "1");
        try {
            assertThat(text(get("/"))).isEqualTo("direct");
        } finally {
            System.clearProperty("http.proxyHost");
            System.clearProperty("http.proxyPort");
        }
    }
}

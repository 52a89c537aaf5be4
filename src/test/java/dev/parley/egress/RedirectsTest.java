package dev.parley.egress;

import static dev.parley.egress.HostileServer.ok;
import static dev.parley.egress.HostileServer.redirect;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each hop is judged like the first, and secrets stay at home.
class RedirectsTest extends HostileWorld {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254:%d/latest/meta-data/",
                "//127.0.0.1:%d/",
                "http://2130706433:%d/",
                "http://[::ffff:a9fe:a9fe]:%d/",
                "http://inner.test:%d/",
            })
    void aRedirectInsideIsRefused(String location) {
        resolver.answer("inner.test", "192.168.1.1");
        server.on("/", redirect(302, location.formatted(server.port())));
        assertThat(failure("/")).isInstanceOf(EgressError.ForbiddenAddress.class);
    }

    @Test
    void aRedirectIsHeldToSchemesPortsAndHosts() {
        configure("denied-hosts", "evil.test");
        server.on("/scheme", redirect(302, "file:///etc/passwd"));
        server.on("/ftp", redirect(302, "ftp://outer.test/"));
        server.on("/port", redirect(302, "http://outer.test:25/"));
        server.on("/host", redirect(302, url("evil.test", "/")));
        server.on("/user", redirect(302, "http://a:b@outer.test/"));
        assertThat(failure("/scheme")).isEqualTo(new EgressError.Malformed("outer.test"));
        assertThat(failure("/ftp")).isEqualTo(new EgressError.ForbiddenScheme("ftp"));
        assertThat(failure("/port")).isEqualTo(new EgressError.ForbiddenPort(25));
        assertThat(failure("/host")).isEqualTo(new EgressError.ForbiddenHost("evil.test"));
        assertThat(failure("/user")).isEqualTo(new EgressError.Malformed("outer.test"));
    }

    @Test
    void aLoopOfRedirectsEnds() {
        server.on("/a", redirect(302, "/b")).on("/b", redirect(307, "/a"));
        assertThat(failure("/a")).isEqualTo(new EgressError.TooManyRedirects(5));
        assertThat(server.requests()).hasSize(6);
        assertThat(failure(get("/a").within(EgressLimits.CONFIGURED.withRedirects(0))))
                .isEqualTo(new EgressError.TooManyRedirects(0));
    }

    @Test
    void redirectsWithinAnOriginKeepSecrets() {
        server.on("/old/page", redirect(301, "../new?x=1")).on("/new", ok("text/plain", "moved"));
        EgressResponse response = egress.fetch(get("/old/page").withHeader("Authorization", "Bearer s"));
        assertThat(response.url()).isEqualTo(url("outer.test", "/new?x=1"));
        assertThat(server.requests()).last().satisfies(request -> assertThat(request.headers())
                .containsEntry("Authorization", "Bearer s"));
    }

    @Test
    void redirectsToAnotherOriginLoseSecretsForGood() {
        resolver.answer("other.test", TestEgress.PUBLIC);
        server.on("/", redirect(307, url("other.test", "/there")));
        server.on("/there", redirect(307, url("outer.test", "/back")));
        server.on("/back", ok("text/plain", "back"));
        egress.fetch(post(url("outer.test", "/"), "body")
                .withHeader("Authorization", "Bearer s")
                .withHeader("Cookie", "c")
                .withHeader("X-Api-Key", "k")
                .withHeader("Content-Type", "text/plain"));
        assertThat(server.requests()).hasSize(3).allSatisfy(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.body()).isEqualTo("body");
            assertThat(request.headers()).containsEntry("Content-Type", "text/plain");
        });
        assertThat(server.requests().subList(1, 3)).allSatisfy(request -> assertThat(request.headers())
                .doesNotContainKeys("Authorization", "Cookie", "X-Api-Key"));
    }

    @ParameterizedTest
    @CsvSource({
        "301, POST, GET", "302, POST, GET", "303, POST, GET", "303, PUT, GET", "303, HEAD, HEAD",
        "301, PUT, PUT", "302, DELETE, DELETE", "307, POST, POST", "308, POST, POST", "308, PATCH, PATCH",
    })
    void methodsChangeAsTheRfcSays(int status, EgressMethod method, String next) {
        server.on("/", redirect(status, "/next")).on("/next", "HTTP/1.1 204 OK\r\n\r\n");
        byte[] body = method == EgressMethod.HEAD ? new byte[0] : new byte[] {'b'};
        egress.fetch(EgressRequest.of(method, url("outer.test", "/"), body).withHeader("Content-Type", "text/plain"));
        assertThat(server.requests()).last().satisfies(request -> {
            assertThat(request.method()).isEqualTo(next);
            assertThat(request.body()).isEqualTo(next.equals(method.name()) && body.length > 0 ? "b" : "");
            assertThat(request.headers().containsKey("Content-Type")).isEqualTo(next.equals(method.name()));
        });
    }

    @Test
    void aCallerMaySayItselfWhetherToFollow() {
        server.on("/a", redirect(302, "b?x#y")).on("/b?x", ok("text/plain", "there"));
        try (EgressStream hop = egress.egress().openHop(get("/a"))) {
            assertThat(hop.status()).isEqualTo(302);
            assertThat(hop.redirect()).contains(url("outer.test", "/b?x"));
        }
        assertThat(server.requests()).hasSize(1);
        try (EgressStream hop = egress.egress().openHop(get("/b?x"))) {
            assertThat(hop.redirect()).isEmpty();
        }
    }

    @Test
    void aRedirectWithoutALocationIsAnAnswer() {
        server.on("/", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n");
        assertThat(egress.fetch(get("/")).status()).isEqualTo(302);
    }
}

package dev.parley.egress;

import static dev.parley.egress.HostileServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.egress.EgressError.Phase;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which address a connection goes to, whatever the resolver says.
class ConnectedAddressTest extends HostileWorld {

    @Test
    void aNameThatIsReboundLeadsOnlyToTheAddressThatWasJudged() throws IOException {
        server.on("/", ok("text/plain", "outer"));
        resolver.answer("rebound.test", TestEgress.PUBLIC).answer("rebound.test", TestEgress.INNER);
        try (var inner = new HostileServer(TestEgress.INNER, server.port()).on("/", ok("text/plain", "secret"))) {
            assertThat(text(EgressRequest.get(url("rebound.test", "/")))).isEqualTo("outer");
            assertThat(resolver.questions()).isOne();
            assertThat(failure(EgressRequest.get(url("rebound.test", "/"))))
                    .isEqualTo(new EgressError.ForbiddenAddress("rebound.test", TestEgress.INNER, "loopback"));
            assertThat(inner.connections()).isZero();
        }
        assertThat(server.connections()).isOne();
    }

    @Test
    void oneInnerAddressAmongOuterOnesIsRefused() {
        resolver.answer("mixed.test", TestEgress.PUBLIC, "10.0.0.1");
        resolver.answer("mapped.test", TestEgress.PUBLIC, "64:ff9b::a00:1");
        assertThat(failure(EgressRequest.get(url("mixed.test", "/")))).isInstanceOf(EgressError.ForbiddenAddress.class);
        assertThat(failure(EgressRequest.get(url("mapped.test", "/"))))
                .isInstanceOf(EgressError.ForbiddenAddress.class);
        assertThat(server.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "2130706433",
                "0x7f.1",
                "0177.0.0.1",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[64:ff9b::7f00:1]",
                "0",
                "[::]",
                "169.254.169.254",
                "0xa9fea9fe",
                "[fd00:ec2::254]",
                "10.0.0.1",
                "192.168.0.1",
                "100.64.0.1",
                "[fe80::1]",
                "[2002:7f00:1::]",
            })
    void addressesInUrlsAreJudgedWithoutAskingAnybody(String host) {
        assertThat(failure(EgressRequest.get(url(host, "/")))).isInstanceOf(EgressError.ForbiddenAddress.class);
        assertThat(resolver.questions()).isZero();
    }

    @Test
    void aDeadAddressIsPassedOverForTheNext() {
        server.on("/", ok("text/plain", "here"));
        configure("allowed-ranges", "127.0.0.2/31");
        resolver.answer("two.test", "127.0.0.3", TestEgress.PUBLIC);
        assertThat(text(EgressRequest.get(url("two.test", "/")))).isEqualTo("here");
    }

    @Test
    void whoAsksIsNotToldWhichNamesExistInside() {
        resolver.answer("inner.test", "10.1.2.3");
        var inner = catchThrowableOfType(
                EgressFailure.class, () -> egress.fetch(EgressRequest.get(url("inner.test", "/"))));
        var missing =
                catchThrowableOfType(EgressFailure.class, () -> egress.fetch(EgressRequest.get(url("no.test", "/"))));
        assertThat(missing.error()).isEqualTo(new EgressError.Unresolvable("no.test"));
        assertThat(inner.problem("url").getMessage().replace("inner.test", "no.test"))
                .isEqualTo(missing.problem("url").getMessage())
                .doesNotContain("10.1");
        assertThat(inner.problem("url").code()).isEqualTo(missing.problem("url").code());
        assertThat(inner.problem("url").param()).isEqualTo("url");
    }

    @Test
    void aNameServerThatHangsIsNotWaitedFor() {
        configure("connect", "200ms");
        resolver.delay(20_000);
        assertThat(failure("/")).isEqualTo(new EgressError.TimedOut("outer.test", Phase.RESOLUTION));
    }

    @Test
    void nobodyListens() throws IOException {
        server.close();
        assertThat(failure("/")).isEqualTo(new EgressError.ConnectionFailed("outer.test"));
    }
}

package dev.parley.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// https://www.iana.org/assignments/iana-ipv4-special-registry and .../iana-ipv6-special-registry, range by range.
class AddressesTest {

    private static final Addresses PUBLIC_ONLY = new Addresses(List.of(), List.of());

    @ParameterizedTest
    @CsvSource({
        // first, last, the public address before, the public address after
        "0.0.0.0, 0.255.255.255, , 1.0.0.0",
        "10.0.0.0, 10.255.255.255, 9.255.255.255, 11.0.0.0",
        "100.64.0.0, 100.127.255.255, 100.63.255.255, 100.128.0.0",
        "127.0.0.0, 127.255.255.255, 126.255.255.255, 128.0.0.0",
        "169.254.0.0, 169.254.255.255, 169.253.255.255, 169.255.0.0",
        "172.16.0.0, 172.31.255.255, 172.15.255.255, 172.32.0.0",
        "192.0.0.0, 192.0.0.255, 191.255.255.255, 192.0.1.0",
        "192.0.2.0, 192.0.2.255, 192.0.1.255, 192.0.3.0",
        "192.31.196.0, 192.31.196.255, 192.31.195.255, 192.31.197.0",
        "192.52.193.0, 192.52.193.255, 192.52.192.255, 192.52.194.0",
        "192.88.99.0, 192.88.99.255, 192.88.98.255, 192.88.100.0",
        "192.168.0.0, 192.168.255.255, 192.167.255.255, 192.169.0.0",
        "192.175.48.0, 192.175.48.255, 192.175.47.255, 192.175.49.0",
        "198.18.0.0, 198.19.255.255, 198.17.255.255, 198.20.0.0",
        "198.51.100.0, 198.51.100.255, 198.51.99.255, 198.51.101.0",
        "203.0.113.0, 203.0.113.255, 203.0.112.255, 203.0.114.0",
        "224.0.0.0, 239.255.255.255, 223.255.255.255, ",
        "240.0.0.0, 255.255.255.255, , ",
        "168.63.129.16, 168.63.129.16, 168.63.129.15, 168.63.129.17",
        "::, 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, , 2000::",
        "2001::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, 2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2001:200::",
        "2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db7:ffff::, 2001:db9::",
        "2002::, 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2001:ffff::, 2003::",
        "2620:4f:8000::, 2620:4f:8000:ffff:ffff:ffff:ffff:ffff, 2620:4f:7fff::, 2620:4f:8001::",
        "3ffe::, 3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 3ffd:ffff::, ",
        "3fff::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, , 3fff:1000::",
        "4000::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ",
    })
    void aSpecialRangeIsRefusedFromItsFirstToItsLastAddress(String first, String last, String before, String after) {
        assertThat(objections(first, last)).doesNotContain("none");
        assertThat(objections(before, after)).allMatch("none"::equals);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::1",
                "::",
                "::7f00:1", // IPv4-compatible, long out of use
                "::8.8.8.8",
                "100::1", // discard-only
                "100:0:0:1::1",
                "5f00::1", // segment routing
                "64:ff9b:1::1", // NAT64 with a prefix of the network's own, around any address
                "64:ff9b:1:ffff:ffff:ffff:808:808",
                "64:ff9a:ffff::1",
                "64:ff9b:0:0:0:1:808:808", // just after the well-known prefix
                "2001:0:4136:e378:8000:63bf:3fff:fdd2", // Teredo
                "2001:2::1", // benchmarking
                "2001:10::1",
                "2001:20::1", // ORCHID
                "2002:7f00:1::", // 6to4 of 127.0.0.1
                "2002:808:808::", // and of a public address
                "fc00::1",
                "fd00::1",
                "fdff:ffff::1",
                "fe80::1",
                "febf::1",
                "fec0::1", // site-local
                "feff::1",
                "ff02::1",
                "ff0e::1",
                "169.254.169.254",
                "169.254.170.2",
                "100.100.100.200",
                "192.0.0.192",
                "fd00:ec2::254",
                "fd00:ec2::23",
                "fd20:ce::254",
                "fe80::a9fe:a9fe",
            })
    void isRefused(String address) {
        assertThat(objections(address)).doesNotContain("none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "93.184.215.14",
                "223.255.255.254",
                "2606:4700:4700::1111",
                "2001:4860:4860::8888",
                "2a00:1450:4001:82a::200e",
                "2620:fe::fe",
            })
    void isReached(String address) {
        assertThat(objections(address)).containsExactly("none");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, false",
        "10.0.0.1, false",
        "169.254.169.254, false",
        "192.168.1.1, false",
        "0.0.0.0, false",
        "224.0.0.1, false",
        "8.8.8.8, true",
        "1.1.1.1, true",
    })
    void anAddressThatIsTranslatedToIpv4IsJudgedByIt(String ipv4, boolean reached) throws Exception {
        for (String prefix : List.of("::ffff:", "64:ff9b::", "0:0:0:0:0:ffff:", "64:ff9b:0:0:0:0:")) {
            assertThat(objections(prefix + ipv4)).as(prefix + ipv4).allMatch(told -> told.equals("none") == reached);
        }
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = -1;
        System.arraycopy(InetAddress.ofLiteral(ipv4).getAddress(), 0, mapped, 12, 4);
        InetAddress scoped = Inet6Address.getByAddress(null, mapped, 1); // one the JDK does not unwrap
        assertThat(PUBLIC_ONLY.objection(scoped).isEmpty()).isEqualTo(reached);
    }

    @Test
    void theOperatorOpensARangeAndNothingBesideIt() {
        var addresses = new Addresses(List.of(Cidr.parse("10.1.2.0/23"), Cidr.parse("fd12:3456::/32")), List.of());
        assertThat(addresses.objection(InetAddress.ofLiteral("10.1.3.255"))).isEmpty();
        assertThat(addresses.objection(InetAddress.ofLiteral("::ffff:10.1.2.1")))
                .isEmpty();
        assertThat(addresses.objection(InetAddress.ofLiteral("fd12:3456:1::1"))).isEmpty();
        assertThat(addresses.objection(InetAddress.ofLiteral("10.1.4.0"))).contains("private");
        assertThat(addresses.objection(InetAddress.ofLiteral("fd12:3457::1"))).contains("private");
        assertThat(addresses.objection(InetAddress.ofLiteral("127.0.0.1"))).contains("loopback");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "100.100.100.200",
                "192.0.0.192",
                "168.63.129.16",
                "fd00:ec2::254",
                "fe80::a9fe:a9fe",
                "64:ff9b::169.254.169.254",
            })
    void nothingOpensMetadata(String address) {
        var everything = new Addresses(List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0")), List.of());
        assertThat(everything.objection(InetAddress.ofLiteral(address))).isPresent();
    }

    @Test
    void theOperatorClosesPublicRanges() {
        var addresses = new Addresses(List.of(Cidr.parse("8.8.8.0/24")), List.of(Cidr.parse("8.8.8.8/32")));
        assertThat(addresses.objection(InetAddress.ofLiteral("8.8.8.8"))).contains("denied by configuration");
        assertThat(addresses.objection(InetAddress.ofLiteral("64:ff9b::8.8.8.8")))
                .contains("denied by configuration");
        assertThat(addresses.objection(InetAddress.ofLiteral("8.8.8.9"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "/8", "10/8", "example.com/8", "10.0.0.0/x"})
    void whatIsNoRangeIsRefusedAtStart(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text));
    }

    private static List<String> objections(String... addresses) {
        return Arrays.stream(addresses)
                .filter(Objects::nonNull)
                .map(address ->
                        PUBLIC_ONLY.objection(InetAddress.ofLiteral(address)).orElse("none"))
                .toList();
    }
}

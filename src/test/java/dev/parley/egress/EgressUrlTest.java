package dev.parley.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1.",
                "127.1",
                "127.0.1",
                "2130706433",
                "017700000001",
                "0x7f000001",
                "0X7F000001",
                "0x7f.1",
                "0177.0.0.1",
                "0177.0x0.0.01",
                "00000177.0.0.1",
                "0x00000000007f.0.0.1",
                "127.0.0x.1", // 0x alone is zero
                "\uFF11\uFF12\uFF17.\uFF10.\uFF10.\uFF11", // full-width digits
                "127\u30020\u30020\u30021", // ideographic full stops
                "\u2460\u2461\u2466.0.0.1", // circled digits
                "[::ffff:127.0.0.1]",
                "[::FFFF:7f00:1]",
                "[0:0:0:0:0:ffff:7f00:0001]",
            })
    void everySpellingOfLoopbackIsThatAddress(String host) {
        assertThat(EgressUrl.parse("http://" + host + "/").host())
                .isEqualTo(new Host.Literal(InetAddress.ofLiteral("127.0.0.1")));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0.0.0",
        "4294967295, 255.255.255.255",
        "0xa9fea9fe, 169.254.169.254",
        "2852039166, 169.254.169.254",
        "0251.0376.0251.0376, 169.254.169.254",
        "169.254.43518, 169.254.169.254",
        "10.65535, 10.0.255.255",
        "[::1], 0:0:0:0:0:0:0:1",
        "[64:ff9b::a00:1], 64:ff9b:0:0:0:0:a00:1",
    })
    void numbersAreAddresses(String host, String address) {
        assertThat(EgressUrl.parse("http://" + host).host().name()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "256.0.0.1",
                "127.0.0.256",
                "4294967296",
                "1.2.3.4.5",
                "127.0.0.08", // no octal digit
                "127..0.1",
                "0x7g.0.0.1",
                "a.1", // a name that ends in a number
                "99999999999999999999",
                "+127.0.0.1",
                "127.0.0.-1",
                "[127.0.0.1]",
                "[::1",
                "::1",
                "[::1]x",
                "[fe80::1%eth0]",
                "[fe80::1%25eth0]",
                "[v1.fe80::a]",
                "[]",
                "[:::]",
                "",
                ".",
                "..",
                ".example.com",
                "example..com",
                "example.com..",
                "exa mple.com",
                "-example.com",
                "example-.com",
                "127%2e0%2e0%2e1",
                "%6c%6fcalhost",
                "example.com%00.test",
                "exa\u0000mple.com",
                "ex{ample}.com",
                "\uD800.com", // half a character
                "user@example.com",
                "user:password@example.com",
                "@example.com",
                "example.com@127.0.0.1",
                "example.com\\@127.0.0.1",
                "example.com:0",
                "example.com:65536",
                "example.com:99999999",
                "example.com:80:80",
                "example.com:-1",
                "example.com:a",
            })
    void whatIsNoHostIsRefused(String authority) {
        assertInvalid("http://" + authority + "/path");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "/path",
                "//example.com/",
                "https:example.com",
                "https:/example.com",
                "https:///example.com",
                "https://",
                "https:\\\\example.com\\",
                "https://example.com/\r\nHost: evil.test",
                "https://example.com/a\tb",
                "ht\ntps://example.com/",
                "mailto:somebody@example.com",
                "javascript:alert(1)",
            })
    void whatIsNoUrlIsRefused(String text) {
        assertInvalid(text);
    }

    @Test
    void namesAndUrlsHaveALength() {
        assertInvalid("https://" + "a".repeat(64) + ".com/");
        assertInvalid("https://" + "abc.".repeat(64) + "com/");
        assertInvalid("https://example.com/" + "a".repeat(EgressUrl.MAX_LENGTH));
        assertThat(EgressUrl.parse("https://" + "a".repeat(63) + ".com/").port())
                .isEqualTo(443);
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com, https://example.com/",
        "HTTPS://EXAMPLE.com:443/a?b#c, https://example.com/a?b",
        "http://example.com.:80?q, http://example.com/?q",
        "http://example.com:8080/, http://example.com:8080/",
        "https://example.com:/, https://example.com/",
        "https://example.com/#@127.0.0.1/, https://example.com/",
        "https://example.com?@127.0.0.1/, https://example.com/?@127.0.0.1/",
        "https://bücher.example/ü?ß, https://xn--bcher-kva.example/%C3%BC?%C3%9F",
        "https://BÜCHER.example/, https://xn--bcher-kva.example/",
        "https://my_service.example/, https://my_service.example/",
        "'https://example.com/a b%20c|d\"e', https://example.com/a%20b%20c%7Cd%22e",
    })
    void isWrittenInOneWay(String text, String canonical) {
        assertThat(EgressUrl.parse(text).text()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 3986, section 5.4, from http://a/b/c/d;p?q
        "g, /b/c/g",
        "./g, /b/c/g",
        "g/, /b/c/g/",
        "/g, /g",
        "?y, /b/c/d;p?y",
        "g?y, /b/c/g?y",
        "#s, /b/c/d;p?q",
        "g#s, /b/c/g",
        "g?y#s, /b/c/g?y",
        ";x, /b/c/;x",
        "g;x=1/./y, /b/c/g;x=1/y",
        "g;x=1/../y, /b/c/y",
        "'', /b/c/d;p?q",
        "., /b/c/",
        "./, /b/c/",
        ".., /b/",
        "../, /b/",
        "../g, /b/g",
        "../.., /",
        "../../g, /g",
        "../../../g, /g",
        "../../../../g, /g",
        "/./g, /g",
        "/../g, /g",
        "g., /b/c/g.",
        "..g, /b/c/..g",
        "./g/., /b/c/g/",
        "g?y/../x, /b/c/g?y/../x",
        "//g/x, //g/x",
        "https://g/x, //g/x",
        "//127.1/x, //127.0.0.1/x",
    })
    void redirectsAreResolvedAsTheRfcSays(String reference, String expected) {
        EgressUrl resolved = EgressUrl.parse("http://a/b/c/d;p?q").resolve(reference);
        String host =
                resolved.host().text().equals("a") ? "" : "//" + resolved.host().text();
        assertThat(host + resolved.target()).isEqualTo(expected);
    }

    @Test
    void itsTextForLogsHoldsNeitherPathNorQuery() {
        assertThat(EgressUrl.parse("https://example.com/users/ann?token=secret"))
                .hasToString("https://example.com");
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, true",
        "EXAMPLE.com., example.com, true",
        "example.com, www.example.com, false",
        "*.example.com, www.example.com, true",
        "*.example.com, a.b.example.com, true",
        "*.example.com, example.com, false",
        "*.example.com, evilexample.com, false",
        "*.bücher.example, www.xn--bcher-kva.example, true",
        "*, anything.test, true",
        "127.1, 127.0.0.1, true",
    })
    void patternsMatchWholeLabels(String pattern, String host, boolean matches) {
        assertThat(HostPattern.parse(pattern).matches(Host.parse(host))).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*example.com", "a.*.com", "https://example.com", "example.com:443", "**"})
    void whatIsNoPatternIsRefused(String text) {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> HostPattern.parse(text));
    }

    private static void assertInvalid(String url) {
        assertThatExceptionOfType(EgressFailure.class)
                .isThrownBy(() -> EgressUrl.parse(url))
                .satisfies(failure -> assertThat(failure.error()).isInstanceOf(EgressError.InvalidUrl.class));
    }
}

package dev.parley.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiGatewayEventTest {

    private static final Optional<String> TRACE = Optional.of("Root=1-2-3");

    @ParameterizedTest
    @CsvSource({"/v1/files, /v1/files", "/a%20b, /a%20b", "/a b, /a%20b", "/ü?x#y, /%C3%BC%3Fx%23y"})
    void aPathStaysOnePath(String path, String target) {
        assertThat(request("GET", path, Map.of()).target()).isEqualTo(target);
    }

    @Test
    void aLineEndInAPathIsEscaped() {
        assertThat(request("GET", "/a\r\nHost: b", Map.of()).target()).isEqualTo("/a%0D%0AHost:%20b");
    }

    @Test
    void queryParametersAreEncodedAgain() {
        var event = new ApiGatewayEvent(
                "GET", "/s", null, null, null, Map.of("q", List.of("a b&c=d+", "é")), null, null, false);

        assertThat(event.request("inv", TRACE, Optional.empty(), 0).target())
                .isEqualTo("/s?q=a%20b%26c%3Dd%2B&q=%C3%A9");
    }

    @Test
    void headersOfTheOuterConnectionStayOutside() {
        var headers = request(
                        "POST",
                        "/",
                        Map.of(
                                "Transfer-Encoding", List.of("chunked"),
                                "content-length", List.of("99"),
                                "Connection", List.of("keep-alive"),
                                "X-Amzn-Trace-Id", List.of("old"),
                                "Parley-Invocation", List.of("mine"),
                                "X-Twice", List.of("1", "2")))
                .headers();

        assertThat(headers)
                .containsExactlyInAnyOrder(
                        new Header("X-Twice", "1"),
                        new Header("X-Twice", "2"),
                        new Header("X-Amzn-Trace-Id", "Root=1-2-3"),
                        new Header("Host", "localhost"),
                        new Header("parley-invocation", "inv"),
                        new Header("Content-Length", "0"),
                        new Header("Connection", "close"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "a\0b"})
    void aHeaderCannotBecomeTwo(String value) {
        assertThatThrownBy(() -> request("GET", "/", Map.of("X-Header", List.of(value))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> request("GET", "/", Map.of(value, List.of("x"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> request(value, "/", Map.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEventOfAnotherKindIsRefused() {
        var event = new ApiGatewayEvent(null, null, null, null, null, null, null, null, false);

        assertThatThrownBy(() -> event.request("inv", TRACE, Optional.empty(), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/files, /{proxy+}, v1/files, /v1/files",
        "/api/v1/files, /{proxy+}, v1/files, /v1/files",
        "/api/prod/v1/files/f, /v1/files/{proxy+}, f, /v1/files/f",
        "/api/mcp, /mcp, , /mcp",
        "/base/v1/a%20b, /{proxy+}, v1/a b, /v1/a%20b",
    })
    void aBasePathIsTakenOff(String path, String resource, String proxy, String target) {
        Map<String, String> parameters = proxy == null ? Map.of() : Map.of("proxy", proxy);
        var event = new ApiGatewayEvent("GET", path, resource, parameters, null, null, null, null, false);

        assertThat(event.request("inv", TRACE, Optional.of("base/"), 0).target())
                .isEqualTo(target);
    }

    private static HttpRequest request(String method, String path, Map<String, List<String>> headers) {
        return new ApiGatewayEvent(method, path, null, null, headers, null, null, null, false)
                .request("inv", TRACE, Optional.empty(), 0);
    }
}

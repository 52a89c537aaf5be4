package dev.parley.function;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Status and headers of an HTTP answer, as the first bytes of a streamed Lambda response.
///
/// Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Prelude(
        int statusCode,
        Map<String, String> headers,
        Map<String, List<String>> multiValueHeaders,
        List<String> cookies) {

    private static final String COOKIE = "set-cookie";

    static Prelude of(HttpAnswer answer) {
        Map<String, List<String>> byName = answer.headers().stream()
                .filter(header -> !header.isHopByHop() && !header.is(COOKIE))
                .collect(Collectors.groupingBy(
                        Header::lowerName, TreeMap::new, Collectors.mapping(Header::value, Collectors.toList())));
        var single = new TreeMap<String, String>();
        var multiple = new TreeMap<String, List<String>>();
        byName.forEach((name, values) -> {
            if (values.size() == 1) {
                single.put(name, values.getFirst());
            } else {
                multiple.put(name, values);
            }
        });
        List<String> cookies = answer.headers().stream()
                .filter(header -> header.is(COOKIE))
                .map(Header::value)
                .toList();
        return new Prelude(answer.status(), single, multiple, cookies);
    }
}

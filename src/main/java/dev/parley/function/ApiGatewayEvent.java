package dev.parley.function;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// A request as API Gateway's REST proxy integration hands it over (payload version 1.0).
///
/// Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record ApiGatewayEvent(
        @Nullable String httpMethod,
        @Nullable String path,
        @Nullable Map<String, List<String>> multiValueHeaders,
        @Nullable Map<String, List<String>> multiValueQueryStringParameters,
        @Nullable String body,
        boolean isBase64Encoded) {

    /// The request to the application's own HTTP stack.
    ///
    /// @throws IllegalArgumentException when the event is none of an HTTP request
    HttpRequest request(Invocation invocation) {
        if (httpMethod == null || path == null) {
            throw new IllegalArgumentException("Not an API Gateway event");
        }
        return new HttpRequest(httpMethod, escape(path) + query(), headers(invocation));
    }

    byte[] content() {
        if (body == null) {
            return new byte[0];
        }
        return isBase64Encoded ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8);
    }

    private List<Header> headers(Invocation invocation) {
        var headers = new ArrayList<Header>();
        if (multiValueHeaders != null) {
            multiValueHeaders.forEach((name, values) -> values.stream()
                    .map(value -> new Header(name, value))
                    .filter(header -> !header.isHopByHop() && !header.is("Content-Length") && !header.is("Expect"))
                    .forEach(headers::add));
        }
        invocation.traceId().ifPresent(trace -> {
            headers.removeIf(header -> header.is("X-Amzn-Trace-Id"));
            headers.add(new Header("X-Amzn-Trace-Id", trace));
        });
        if (headers.stream().noneMatch(header -> header.is("Host"))) {
            headers.add(new Header("Host", "localhost"));
        }
        headers.add(new Header("Content-Length", String.valueOf(content().length)));
        headers.add(new Header("Connection", "close"));
        return headers;
    }

    /// API Gateway decodes query parameters, so they are encoded again.
    private String query() {
        if (multiValueQueryStringParameters == null || multiValueQueryStringParameters.isEmpty()) {
            return "";
        }
        var query = new StringJoiner("&", "?", "");
        multiValueQueryStringParameters.forEach(
                (name, values) -> values.forEach(value -> query.add(encode(name) + "=" + encode(value))));
        return query.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// Keeps what a path may hold, its escapes included, and escapes the rest, so that it stays one path.
    private static String escape(String path) {
        var escaped = new StringBuilder();
        for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
            if (octet > ' ' && octet < 0x7f && "\"<>?#[]\\^`{|}".indexOf(octet) < 0) {
                escaped.append((char) octet);
            } else {
                escaped.append("%%%02X".formatted(octet & 0xff));
            }
        }
        return escaped.toString();
    }
}

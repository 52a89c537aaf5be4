package dev.parley.function;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.parley.invocation.Deadlines;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        @Nullable String resource,
        @Nullable Map<String, String> pathParameters,
        @Nullable Map<String, List<String>> multiValueHeaders,
        @Nullable Map<String, List<String>> multiValueQueryStringParameters,
        @Nullable RequestContext requestContext,
        @Nullable String body,
        boolean isBase64Encoded)
        implements Event {

    /// What API Gateway knows of the request.
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record RequestContext(
            @Nullable String requestId,
            @Nullable String stage,
            @Nullable Identity identity,
            @Nullable Map<String, Object> authorizer) {}

    /// @param sourceIp the client's address; `X-Forwarded-For` is what the client says
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Identity(@Nullable String sourceIp) {}

    /// The request to the application's own HTTP stack.
    ///
    /// @param invocation the id under which the application finds the invocation
    /// @param contentLength of [#content], which is decoded once
    /// @param basePath what precedes the API's paths, where the event does not tell
    /// @throws IllegalArgumentException when the event is none of an HTTP request
    HttpRequest request(String invocation, Optional<String> traceId, Optional<String> basePath, int contentLength) {
        if (httpMethod == null || path == null) {
            throw new IllegalArgumentException("Not an API Gateway event");
        }
        String target = escape(withoutBase(path, matched(), basePath)) + query();
        return new HttpRequest(httpMethod, target, headers(invocation, traceId, contentLength));
    }

    byte[] content() {
        if (body == null) {
            return new byte[0];
        }
        return isBase64Encoded ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8);
    }

    /// What the log tells of where the request came from, by field.
    Map<String, String> logFields() {
        var fields = new LinkedHashMap<String, String>();
        if (requestContext != null) {
            put(fields, "gateway_request_id", requestContext.requestId);
            put(fields, "stage", requestContext.stage);
            put(fields, "source_ip", requestContext.identity == null ? null : requestContext.identity.sourceIp);
            put(
                    fields,
                    "principal",
                    requestContext.authorizer == null ? null : requestContext.authorizer.get("principalId"));
        }
        return fields;
    }

    private static void put(Map<String, String> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value.toString());
        }
    }

    /// A custom domain puts its base path, or the stage, in front of the path; the resource that was matched does not
    /// know of it. Where the two cannot be compared, since parameters are decoded and the path is not, the
    /// configuration has to say it.
    private static String withoutBase(String whole, String matched, Optional<String> basePath) {
        if (matched.length() > 1 && whole.endsWith(matched)) {
            return matched;
        }
        String base = basePath.map(path -> "/" + path.replaceAll("^/+|/+$", "")).orElse("");
        return whole.startsWith(base + "/") ? whole.substring(base.length()) : whole;
    }

    /// The path as the API has it: its resource with what each parameter matched.
    private String matched() {
        String matched = resource == null ? "" : resource;
        for (var parameter : (pathParameters == null ? Map.<String, String>of() : pathParameters).entrySet()) {
            matched = matched.replace("{%s+}".formatted(parameter.getKey()), parameter.getValue())
                    .replace("{%s}".formatted(parameter.getKey()), parameter.getValue());
        }
        return matched;
    }

    private List<Header> headers(String invocation, Optional<String> traceId, int contentLength) {
        var headers = new ArrayList<Header>();
        if (multiValueHeaders != null) {
            multiValueHeaders.forEach((name, values) -> values.stream()
                    .map(value -> new Header(name, value))
                    .filter(ApiGatewayEvent::isForwarded)
                    .forEach(headers::add));
        }
        traceId.ifPresent(trace -> {
            headers.removeIf(header -> header.is("X-Amzn-Trace-Id"));
            headers.add(new Header("X-Amzn-Trace-Id", trace));
        });
        if (headers.stream().noneMatch(header -> header.is("Host"))) {
            headers.add(new Header("Host", "localhost"));
        }
        headers.add(new Header(Deadlines.HEADER, invocation));
        headers.add(new Header("Content-Length", String.valueOf(contentLength)));
        headers.add(new Header("Connection", "close"));
        return headers;
    }

    /// Not what is about the connection, or ours to say.
    private static boolean isForwarded(Header header) {
        return !header.isHopByHop()
                && !header.is("Content-Length")
                && !header.is("Expect")
                && !header.is(Deadlines.HEADER);
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

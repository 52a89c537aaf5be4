import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A request as API Gateway hands it to a function: REST API, Lambda proxy integration, payload version 1.0, behind a
/// custom domain, so that paths have no stage. Source:
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
final class GatewayEvent {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STAGE = "local";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);

    /// Fields that API Gateway keeps to itself.
    private static final Set<String> DROPPED = Set.of("connection", "content-length", "expect", "keep-alive",
            "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade");

    private static final List<String> IDENTITY_OF_IAM = List.of("accessKey", "accountId", "caller",
            "cognitoAuthenticationProvider", "cognitoAuthenticationType", "cognitoIdentityId", "cognitoIdentityPoolId",
            "principalOrgId", "user", "userArn");

    private final Wire.Request request;
    private final String peer;
    private final String requestId;
    private final String traceId;

    GatewayEvent(Wire.Request request, String peer, String requestId, String traceId) {
        this.request = request;
        this.peer = peer;
        this.requestId = requestId;
        this.traceId = traceId;
    }

    byte[] toJson(byte[] body) throws java.io.IOException {
        var event = JSON.createObjectNode();
        var path = path(request);
        event.put("resource", resource(path)).put("path", path).put("httpMethod", request.method());
        var headers = headers();
        event.set("headers", last(headers));
        event.set("multiValueHeaders", JSON.valueToTree(headers));
        var query = query();
        event.set("queryStringParameters", query.isEmpty() ? null : last(query));
        event.set("multiValueQueryStringParameters", query.isEmpty() ? null : JSON.valueToTree(query));
        event.set("pathParameters", path.equals("/") ? null : JSON.createObjectNode().put("proxy", decode(path.substring(1))));
        event.set("stageVariables", null);
        event.set("requestContext", context(path));
        putBody(event, body);
        return JSON.writeValueAsBytes(event);
    }

    static String path(Wire.Request request) {
        return request.target().split("\\?", 2)[0];
    }

    private static String resource(String path) {
        return path.equals("/") ? "/" : "/{proxy+}";
    }

    /// What is not text by its type travels as Base64, and so does text that is none.
    private void putBody(ObjectNode event, byte[] body) {
        var type = request.first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        boolean coded = request.first("Content-Encoding").isPresent();
        if (body.length == 0) {
            event.putNull("body").put("isBase64Encoded", false);
        } else if (!coded && isText(type) && isUtf8(body)) {
            event.put("body", new String(body, StandardCharsets.UTF_8)).put("isBase64Encoded", false);
        } else {
            event.put("body", Base64.getEncoder().encodeToString(body)).put("isBase64Encoded", true);
        }
    }

    private static boolean isText(String type) {
        return type.startsWith("text/") || type.contains("json") || type.contains("xml") || type.contains("x-www-form-urlencoded");
    }

    private static boolean isUtf8(byte[] body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return true;
        } catch (CharacterCodingException binary) {
            return false;
        }
    }

    private Map<String, List<String>> headers() {
        var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        for (var field : request.fields()) {
            if (!DROPPED.contains(field.name().toLowerCase(Locale.ROOT))) add(headers, field.name(), field.value());
        }
        headers.merge("X-Forwarded-For", List.of(peer), (before, own) -> List.of(String.join(", ", before) + ", " + peer));
        headers.put("X-Forwarded-Port", List.of(host().contains(":") ? host().substring(host().lastIndexOf(':') + 1) : "80"));
        headers.put("X-Forwarded-Proto", List.of("http"));
        headers.put("X-Amzn-Trace-Id", List.of(traceId));
        return headers;
    }

    private Map<String, List<String>> query() {
        var query = new LinkedHashMap<String, List<String>>();
        int mark = request.target().indexOf('?');
        if (mark < 0) return query;
        for (var pair : request.target().substring(mark + 1).split("&")) {
            if (pair.isEmpty()) continue;
            var parts = pair.split("=", 2);
            add(query, decode(parts[0].replace("+", " ")), parts.length < 2 ? "" : decode(parts[1].replace("+", " ")));
        }
        return query;
    }

    private ObjectNode context(String path) {
        var now = ZonedDateTime.now(ZoneOffset.UTC);
        var domain = host().split(":")[0];
        var context = JSON.createObjectNode();
        context.put("accountId", "000000000000").put("apiId", "localparley").put("resourceId", "local1")
                .put("resourcePath", resource(path)).put("httpMethod", request.method()).put("path", path)
                .put("protocol", "HTTP/1.1").put("stage", STAGE).put("domainName", domain)
                .put("domainPrefix", domain.split("\\.")[0]).put("requestId", requestId)
                .put("extendedRequestId", requestId).put("requestTime", now.format(TIME))
                .put("requestTimeEpoch", now.toInstant().toEpochMilli());
        var identity = context.putObject("identity");
        IDENTITY_OF_IAM.forEach(identity::putNull);
        identity.put("sourceIp", peer).put("userAgent", request.first("User-Agent").orElse(null));
        return context;
    }

    private String host() {
        return request.first("Host").orElse("localhost");
    }

    /// Of several values a single-value map has the last.
    private static ObjectNode last(Map<String, List<String>> values) {
        var last = JSON.createObjectNode();
        values.forEach((name, all) -> last.put(name, all.getLast()));
        return last;
    }

    private static void add(Map<String, List<String>> values, String name, String value) {
        values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }
}

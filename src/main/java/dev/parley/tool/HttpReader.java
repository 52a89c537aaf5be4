package dev.parley.tool;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.egress.EgressMethod;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads what is particular to tools that send a request.
final class HttpReader {

    static final Set<String> FIELDS = Set.of(
            "method", "url", "body", "headers", "effects", "idempotency_header", "max_response_bytes", "status_check");

    /// The effect's id, as it stands in the URL of a status check.
    static final String EFFECT_ID = "effect_id";

    private static final Set<String> METHODS =
            Arrays.stream(EgressMethod.values()).map(Enum::name).collect(Collectors.toSet());
    private static final int MAX_HEADERS = 20;
    private static final int MAX_HEADER_VALUE = 4000;
    private static final int DEFAULT_RESPONSE = 64 * 1024;
    private static final int MAX_RESPONSE = 1024 * 1024;
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,100}");
    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7E]*");

    private HttpReader() {}

    static Recipe.Http read(JsonField body, JsonNode parameters) {
        EgressMethod method = EgressMethod.valueOf(body.get("method").oneOf(METHODS));
        UrlTemplate url = url(body.get("url"), parameters, Set.of());
        return new Recipe.Http(
                method,
                url,
                body(body, method, parameters),
                headers(body),
                body.find("idempotency_header").map(HttpReader::headerName).orElse("Idempotency-Key"),
                body.find("max_response_bytes")
                        .map(field -> field.integer(1, MAX_RESPONSE))
                        .orElse(DEFAULT_RESPONSE),
                body.find("status_check")
                        .map(field -> statusCheck(field, parameters))
                        .orElse(null));
    }

    /// Whether a request with this method changes something, unless its server says otherwise (RFC 9110, section
    /// 9.2.1).
    static boolean changesSomething(EgressMethod method) {
        return method != EgressMethod.GET && method != EgressMethod.HEAD;
    }

    static boolean hasBody(EgressMethod method) {
        return method == EgressMethod.POST || method == EgressMethod.PUT || method == EgressMethod.PATCH;
    }

    private static UrlTemplate url(JsonField field, JsonNode parameters, Set<String> known) {
        UrlTemplate url;
        try {
            url = UrlTemplate.parse(field.text(UrlTemplate.MAX_LENGTH));
        } catch (IllegalArgumentException wrong) {
            throw field.invalid(wrong.getMessage() + ".");
        }
        var unknown = new HashSet<>(url.variables());
        unknown.removeAll(DeclarationReader.properties(parameters));
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw field.invalid("'{%s}' is not among the parameters."
                    .formatted(unknown.iterator().next()));
        }
        for (String name : url.pathVariables()) {
            if (!known.contains(name) && !isRequired(parameters, name)) {
                throw field.invalid("'%s' stands in the path, so it has to be required.".formatted(name));
            }
        }
        return url;
    }

    private static boolean isRequired(JsonNode parameters, String name) {
        for (JsonNode required : parameters.path("required")) {
            if (required.asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable JsonNode body(JsonField body, EgressMethod method, JsonNode parameters) {
        JsonField template = body.find("body").orElse(null);
        if (template == null) {
            return null;
        }
        if (!hasBody(method)) {
            throw template.invalid("%s requests have no body.".formatted(method));
        }
        for (String name : BodyTemplate.variables(template.value())) {
            if (!DeclarationReader.properties(parameters).contains(name)) {
                throw template.invalid("'{%s}' is not among the parameters.".formatted(name));
            }
        }
        return template.value();
    }

    private static Map<String, String> headers(JsonField body) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        JsonField all = body.find("headers").orElse(null);
        if (all == null) {
            return headers;
        }
        all.object().value().fieldNames().forEachRemaining(name -> {
            JsonField value = all.get(name);
            if (!HEADER.matcher(name).matches()
                    || !PRINTABLE.matcher(value.text(MAX_HEADER_VALUE)).matches()) {
                throw value.invalid("expected letters, digits and '-' as a name, and printable ASCII.");
            }
            if (SecretTemplate.isMisspelt(value.value().textValue())) {
                throw value.invalid("secrets are written {{secret:NAME}}.");
            }
            headers.put(name, value.value().textValue());
        });
        if (headers.size() > MAX_HEADERS) {
            throw all.invalid("expected at most %d headers.".formatted(MAX_HEADERS));
        }
        return headers;
    }

    private static String headerName(JsonField field) {
        if (!HEADER.matcher(field.text(100)).matches()) {
            throw field.invalid("expected the name of a header.");
        }
        return field.value().textValue();
    }

    private static Recipe.StatusCheck statusCheck(JsonField field, JsonNode parameters) {
        field.object().allowOnly(Set.of("url", "result"));
        UrlTemplate url = url(field.get("url"), parameters, Set.of(EFFECT_ID));
        if (!url.variables().contains(EFFECT_ID)) {
            throw field.get("url")
                    .invalid("expected '{%s}' in it, or it tells nothing of one call.".formatted(EFFECT_ID));
        }
        return new Recipe.StatusCheck(
                url, field.find("result").map(HttpReader::pointer).orElse(null));
    }

    private static String pointer(JsonField field) {
        try {
            return JsonPointer.compile(field.text(200)).toString();
        } catch (IllegalArgumentException wrong) {
            throw field.invalid("expected a JSON pointer such as /order/id.");
        }
    }
}

package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// A URL with `{argument}` in its path and query: simple expansion of RFC 6570, section 3.2.2. Scheme, host and
/// port are the admin's: nothing that a model says moves a request, or the secrets in it, to another server.
///
/// @param authority host, and the port where it is not the scheme's own
final class UrlTemplate {

    static final int MAX_LENGTH = 2000;

    private static final Pattern URL = Pattern.compile(
            "(https?)://([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::([1-9][0-9]{0,4}))?((?:/[^?]*)?)((?:\\?.*)?)");
    private static final Pattern VARIABLE = Pattern.compile("\\{([a-zA-Z0-9_-]{1,64})}");
    private static final Pattern LITERAL = Pattern.compile("(?:[!$&'()*+,/:;=?@\\[\\]._~a-zA-Z0-9-]|%[0-9a-fA-F]{2})*");
    private static final String UNRESERVED = "-._~";

    private final String origin;
    private final String authority;
    private final String path;
    private final String query;

    private UrlTemplate(String origin, String authority, String path, String query) {
        this.origin = origin;
        this.authority = authority;
        this.path = path;
        this.query = query;
    }

    /// @throws IllegalArgumentException that says what is wrong with it
    static UrlTemplate parse(String text) {
        Matcher parts = URL.matcher(text);
        if (text.length() > MAX_LENGTH || !parts.matches()) {
            throw new IllegalArgumentException(
                    "expected an absolute URL such as https://api.example.com/orders/{order_id}, with a plain host in lower case");
        }
        if (!LITERAL.matcher(VARIABLE.matcher(parts.group(4) + parts.group(5)).replaceAll(""))
                .matches()) {
            throw new IllegalArgumentException(
                    "it holds a character that URLs do not have: encode it, and write arguments as {name}");
        }
        var template = new UrlTemplate(
                text.substring(0, parts.start(4)),
                authority(parts.group(1), parts.group(2), parts.group(3)),
                parts.group(4).isEmpty() ? "/" : parts.group(4),
                parts.group(5));
        if (leavesItsPlace(VARIABLE.matcher(template.path).replaceAll("x"))) {
            throw new IllegalArgumentException("its path holds a segment of dots");
        }
        return template;
    }

    private static String authority(String scheme, String host, @Nullable String port) {
        boolean isDefault = port == null || port.equals(scheme.equals("http") ? "80" : "443");
        return isDefault ? host : host + ":" + port;
    }

    String authority() {
        return authority;
    }

    boolean hasQuery() {
        return !query.isEmpty();
    }

    Set<String> pathVariables() {
        return variables(path);
    }

    Set<String> variables() {
        return variables(path + query);
    }

    private static Set<String> variables(String text) {
        return VARIABLE.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    /// @param value of an argument; null where there is none
    /// @throws ToolFailure for a value that cannot stand where it would
    String expand(Function<String, @Nullable JsonNode> value) {
        String expanded = VARIABLE.matcher(path).replaceAll(found -> quoted(segment(found.group(1), value)));
        if (leavesItsPlace(expanded)) {
            throw ToolFailure.withoutEffect("An argument leads out of the tool's URL.");
        }
        return origin
                + expanded
                + VARIABLE.matcher(query).replaceAll(found -> quoted(text(value.apply(found.group(1)))));
    }

    private static String segment(String name, Function<String, @Nullable JsonNode> value) {
        String text = text(value.apply(name));
        if (text.isEmpty()) {
            throw ToolFailure.withoutEffect("The argument '%s' must not be empty.".formatted(name));
        }
        return text;
    }

    /// Some servers decode a path before they split it.
    private static boolean leavesItsPlace(String path) {
        String decoded = path.replaceAll("(?i)%2e", ".").replaceAll("(?i)%2f|%5c", "/");
        return List.of(decoded.split("/", -1)).stream()
                .anyMatch(segment -> segment.equals(".") || segment.equals(".."));
    }

    private static String quoted(String replacement) {
        return Matcher.quoteReplacement(replacement);
    }

    private static String text(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return "";
        }
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(UrlTemplate::scalar)
                    .collect(Collectors.joining(","));
        }
        return scalar(value);
    }

    private static String scalar(JsonNode value) {
        return encode(value.isContainerNode() ? value.toString() : value.asText());
    }

    /// Everything but unreserved characters, as UTF-8.
    static String encode(String text) {
        var encoded = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean alphanumeric = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (alphanumeric || UNRESERVED.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append("%02X".formatted((int) c));
            }
        }
        return encoded.toString();
    }

    /// Parameters after those of the template itself: `name=value`, lists one by one.
    static String parameters(Iterable<java.util.Map.Entry<String, JsonNode>> arguments) {
        var pairs = new ArrayList<String>();
        for (var argument : arguments) {
            JsonNode value = argument.getValue();
            for (JsonNode one : value.isArray() ? value : List.of(value)) {
                if (!one.isNull()) {
                    pairs.add(encode(argument.getKey()) + "=" + scalar(one));
                }
            }
        }
        return String.join("&", pairs);
    }
}

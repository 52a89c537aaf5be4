package dev.parley.tool.mcp;

import dev.parley.api.JsonField;
import dev.parley.identity.Scopes;
import dev.parley.tool.ToolInfo;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads what an admin says of a server.
@ApplicationScoped
class RegistrationReader {

    private static final String LABEL = "label";
    private static final String URL = "url";
    private static final String AUTHORIZATION = "authorization";
    private static final String HEADERS = "headers";
    private static final String ALLOWED = "allowed_tools";
    private static final String READ_ONLY = "read_only_tools";
    private static final String APPROVAL = "require_approval";
    private static final String SCOPES = "scopes";
    private static final String TIMEOUT = "timeout_ms";

    private static final Set<String> CHANGEABLE =
            Set.of(URL, AUTHORIZATION, HEADERS, ALLOWED, READ_ONLY, APPROVAL, SCOPES, TIMEOUT);
    private static final String ALL = "*";
    private static final int MAX_URL = 2048;
    private static final int MAX_HEADERS = 20;
    private static final int MAX_HEADER = 4096;
    private static final int MAX_NAMES = 256;
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7E]*");

    private final McpConfig config;

    RegistrationReader(McpConfig config) {
        this.config = config;
    }

    RemoteServer create(JsonField request) {
        String label = label(request.get(LABEL));
        request.get(URL);
        var blank = new RemoteServer(label, "", Map.of(), ToolPolicy.DEFAULT, null, Revision.NEWEST);
        return merged(blank, withoutLabel(request));
    }

    private static String label(JsonField field) {
        String label = field.text(MAX_URL);
        if (label.equals(ToolInfo.OWN)) {
            throw field.invalid("that is what Parley's own tools go by.");
        }
        if (!RemoteNames.isLabel(label)) {
            throw field.invalid(
                    "expected at most 32 of a-z, 0-9, '_' and '-', beginning with a letter or digit, without"
                            + " '__' and not ending with '_'.");
        }
        return label;
    }

    /// What is not mentioned stays.
    RemoteServer change(RemoteServer old, JsonField request) {
        return merged(old, request);
    }

    /// Whether the server has to be asked anew.
    static boolean leadsElsewhere(JsonField request) {
        return Set.of(URL, AUTHORIZATION, HEADERS).stream()
                .anyMatch(name -> request.find(name).isPresent());
    }

    private static JsonField withoutLabel(JsonField request) {
        var rest = Wire.object();
        request.value().properties().forEach(member -> rest.set(member.getKey(), member.getValue()));
        rest.remove(LABEL);
        return JsonField.root(rest);
    }

    private RemoteServer merged(RemoteServer old, JsonField request) {
        request.allowOnly(CHANGEABLE);
        var policy = new ToolPolicy(
                allowed(old, request),
                request.find(READ_ONLY)
                        .map(names -> names(old.label(), names))
                        .orElse(old.policy().readOnly()),
                request.find(APPROVAL)
                        .map(approval -> approval(old.label(), approval))
                        .orElse(old.policy().approval()),
                request.find(SCOPES)
                        .map(RegistrationReader::scopes)
                        .orElse(old.policy().scopes()));
        return new RemoteServer(
                old.label(),
                request.find(URL).map(url -> url.text(MAX_URL)).orElse(old.url()),
                headers(old.headers(), request),
                policy,
                request.find(TIMEOUT).map(this::timeout).orElse(old.timeout()),
                old.revision());
    }

    private static @Nullable Set<String> allowed(RemoteServer old, JsonField request) {
        Optional<JsonField> given = request.find(ALLOWED);
        if (given.isEmpty()) {
            return old.policy().allowed();
        }
        boolean all =
                given.get().value().isTextual() && given.get().text(MAX_URL).equals(ALL);
        return all ? null : names(old.label(), given.get());
    }

    private static Set<String> names(String label, JsonField list) {
        return list.items(MAX_NAMES).stream().map(name -> name(label, name)).collect(Collectors.toUnmodifiableSet());
    }

    private static String name(String label, JsonField field) {
        String name = field.text(MAX_URL);
        if (!RemoteNames.isValid(label, name)) {
            throw field.invalid("not a name that a tool of this server can have.");
        }
        return name;
    }

    private static Approval approval(String label, JsonField field) {
        if (field.value().isArray()) {
            return new Approval(Approval.Rule.NAMED, names(label, field));
        }
        String code = field.oneOf(
                Set.of(Approval.Rule.EFFECTS.code(), Approval.Rule.ALWAYS.code(), Approval.Rule.NEVER.code()));
        return Approval.of(Approval.Rule.of(code).orElseThrow());
    }

    private static Set<String> scopes(JsonField list) {
        return list.items(MAX_NAMES).stream()
                .map(scope -> {
                    if (!Scopes.isOfTools(scope.text(MAX_URL))) {
                        throw scope.invalid("scopes of tools are 'tool:' and a name of a-z, 0-9, '_' and '-'.");
                    }
                    return scope.text(MAX_URL);
                })
                .collect(Collectors.toUnmodifiableSet());
    }

    private Duration timeout(JsonField field) {
        return Duration.ofMillis(field.integer(1, (int) config.maxTimeout().toMillis()));
    }

    /// Both replace what was: the authorization itself, the headers all others. An empty text takes the first away.
    private static Map<String, String> headers(Map<String, String> old, JsonField request) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(old);
        request.find(HEADERS).ifPresent(given -> {
            headers.keySet().removeIf(name -> !name.equalsIgnoreCase(AUTHORIZATION));
            if (given.object().value().size() > MAX_HEADERS) {
                throw given.invalid("expected at most %d headers.".formatted(MAX_HEADERS));
            }
            given.value()
                    .fieldNames()
                    .forEachRemaining(name -> headers.put(headerName(given, name), value(given.get(name))));
        });
        request.find(AUTHORIZATION).ifPresent(given -> headers.put("Authorization", value(given)));
        headers.values().removeIf(String::isEmpty);
        return headers;
    }

    private static String headerName(JsonField headers, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean ours = lower.startsWith("mcp-")
                || Set.of("accept", "content-type", AUTHORIZATION).contains(lower);
        if (ours || !HEADER.matcher(name).matches()) {
            throw headers.invalid(
                    "'%s' cannot be among them.".formatted(HEADER.matcher(name).matches() ? name : "?"));
        }
        return name;
    }

    private static String value(JsonField field) {
        String value = field.text(MAX_HEADER);
        if (!VALUE.matcher(value).matches()) {
            throw field.invalid("headers are printable ASCII.");
        }
        return value;
    }
}

package dev.parley.egress;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Which headers a request may carry, and which of them follow it to another origin.
final class RequestHeaders {

    /// They frame messages, steer connections and encodings, or speak to proxies: ours to set. A second opinion on a
    /// message's length is how requests are smuggled.
    private static final Set<String> OURS = Set.of(
            "accept-encoding",
            "connection",
            "content-length",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /// Any other may be a secret: API keys travel under hundreds of names.
    private static final Set<String> HARMLESS = Set.of("accept", "accept-language", "content-type", "user-agent");

    private static final Set<String> ABOUT_BODY = Set.of("content-type", "content-language", "content-encoding");

    /// RFC 9110, sections 5.1 and 5.5; no characters that are encoded differently here and there.
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");

    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7E]{0,8192}");

    private RequestHeaders() {}

    /// @throws EgressFailure if one of them cannot be sent
    static void check(Map<String, String> headers) {
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean sendable =
                    NAME.matcher(name).matches() && VALUE.matcher(value).matches();
            if (!sendable || OURS.contains(lower) || lower.startsWith("proxy-")) {
                throw new EgressFailure(new EgressError.InvalidHeader(printable(name)));
            }
        });
    }

    private static String printable(String name) {
        String printable = name.replaceAll("[^\\x21-\\x7E]", "?");
        return printable.substring(0, Math.min(printable.length(), 64));
    }

    static Map<String, String> forAnotherOrigin(Map<String, String> headers) {
        return only(headers, HARMLESS, true);
    }

    static Map<String, String> withoutBody(Map<String, String> headers) {
        return only(headers, ABOUT_BODY, false);
    }

    private static Map<String, String> only(Map<String, String> headers, Set<String> names, boolean among) {
        var kept = new TreeMap<String, String>(headers);
        kept.keySet().removeIf(name -> names.contains(name.toLowerCase(Locale.ROOT)) != among);
        return kept;
    }
}

package dev.parley.egress;

import java.util.ArrayDeque;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A URL as a request is sent to it. Parsed once, here, so that nothing that judges it can read it in another way than
/// what connects.
///
/// @param scheme lower case
/// @param target path and query, percent-encoded, at least `/`
record EgressUrl(String scheme, Host host, int port, String target) {

    /// RFC 9110 asks for 8,000 at least; what is longer is more often an attack than a link.
    static final int MAX_LENGTH = 8192;

    /// RFC 3986, appendix B, with the scheme and the authority made mandatory.
    private static final Pattern ABSOLUTE =
            Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*)://([^/?#]*)([^?#]*)(\\?[^#]*)?(#.*)?", Pattern.DOTALL);

    private static final Pattern AUTHORITY = Pattern.compile("(\\[[^]]*]|[^:\\[\\]]*)(?::([0-9]{0,5}))?");

    /// @throws EgressFailure that says what is wrong with the text
    static EgressUrl parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw invalid("it is longer than %d characters".formatted(MAX_LENGTH));
        }
        // Browsers read a backslash as a slash and others do not: what is the host to one is the user to another.
        if (text.chars().anyMatch(c -> Character.isISOControl(c) || c == '\\')) {
            throw invalid("it holds a control character or a backslash");
        }
        Matcher parts = ABSOLUTE.matcher(text.strip());
        if (!parts.matches()) {
            throw invalid("it is not an absolute URL such as https://example.com/");
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        return withAuthority(scheme, parts.group(2), parts.group(3) + (parts.group(4) == null ? "" : parts.group(4)));
    }

    private static EgressUrl withAuthority(String scheme, String authority, String target) {
        if (authority.indexOf('@') >= 0) {
            throw invalid("it holds a user name or password");
        }
        Matcher parts = AUTHORITY.matcher(authority);
        if (!parts.matches()) {
            throw invalid("its host or port cannot be read");
        }
        return new EgressUrl(scheme, Host.parse(parts.group(1)), port(scheme, parts.group(2)), encoded(target));
    }

    private static int port(String scheme, @Nullable String written) {
        if (written == null || written.isEmpty()) {
            return defaultPort(scheme);
        }
        int port = Integer.parseInt(written);
        if (port == 0 || port > 65535) {
            throw invalid("its port is none");
        }
        return port;
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("http") ? 80 : 443;
    }

    private static String encoded(String target) {
        return PercentEncoding.encode(target.startsWith("/") ? target : "/" + target);
    }

    /// What a `Location` leads to from here (RFC 3986, section 5.2).
    EgressUrl resolve(String location) {
        String reference = location.strip();
        int fragment = reference.indexOf('#');
        reference = fragment < 0 ? reference : reference.substring(0, fragment);
        if (reference.matches("(?s)[a-zA-Z][a-zA-Z0-9+.-]*:.*")) {
            return parse(reference);
        }
        if (reference.startsWith("//")) {
            return parse(scheme + ":" + reference);
        }
        return parse(origin() + targetFrom(reference));
    }

    private String targetFrom(String reference) {
        String path = target.replaceFirst("(?s)\\?.*", "");
        if (reference.isEmpty()) {
            return target;
        }
        if (reference.startsWith("?")) {
            return path + reference;
        }
        int query = reference.indexOf('?');
        String relative = query < 0 ? reference : reference.substring(0, query);
        String merged = relative.startsWith("/") ? relative : path.substring(0, path.lastIndexOf('/') + 1) + relative;
        return withoutDots(merged) + (query < 0 ? "" : reference.substring(query));
    }

    /// RFC 3986, section 5.2.4.
    private static String withoutDots(String path) {
        var kept = new ArrayDeque<String>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            boolean dots = segments[i].equals(".") || segments[i].equals("..");
            if (segments[i].equals("..")) {
                kept.pollLast();
            }
            if (!dots) {
                kept.addLast(segments[i]);
            } else if (last) {
                kept.addLast("");
            }
        }
        return "/" + String.join("/", kept);
    }

    boolean isEncrypted() {
        return scheme.equals("https");
    }

    /// What decides who sees a secret: scheme, host and port.
    String origin() {
        return scheme + "://" + authority();
    }

    /// As in `Host`: without the scheme's own port.
    String authority() {
        return port == defaultPort(scheme) ? host.text() : host.text() + ":" + port;
    }

    /// Without the query, which may hold secrets, and without the path, which may name people: for logs.
    @Override
    public String toString() {
        return origin();
    }

    /// The whole.
    String text() {
        return origin() + target;
    }

    private static EgressFailure invalid(String why) {
        return new EgressFailure(new EgressError.InvalidUrl(why));
    }
}

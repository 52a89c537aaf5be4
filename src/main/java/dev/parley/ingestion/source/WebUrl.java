package dev.parley.ingestion.source;

import dev.parley.egress.PercentEncoding;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A URL of a page, as far as one tells pages and hosts apart by it. Whether it may be reached is not judged here.
///
/// @param authority host, and port where it is not the scheme's own, in lower case
/// @param path with the query, percent-encoded as it is asked for; without the fragment, which names a place within the
/// page
record WebUrl(String scheme, String authority, String path) {

    /// The protocol of sitemaps has it, and so has the database.
    static final int MAX_LENGTH = 2048;

    private static final Pattern PARTS =
            Pattern.compile("(?i)(https?)://([^/?#\\s]+)([^#\\s]*)(#\\S*)?", Pattern.UNICODE_CHARACTER_CLASS);

    private static final String WWW = "www.";

    /// Empty for what is no URL of the web, or too long for one.
    static Optional<WebUrl> parse(String text) {
        Matcher parts = PARTS.matcher(text.strip());
        if (!parts.matches()) {
            return Optional.empty();
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        String path = PercentEncoding.encode(parts.group(3));
        return Optional.of(new WebUrl(
                        scheme,
                        withoutOwnPort(scheme, parts.group(2).toLowerCase(Locale.ROOT)),
                        path.startsWith("/") ? path : "/" + path))
                .filter(url -> url.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_LENGTH);
    }

    private static String withoutOwnPort(String scheme, String authority) {
        String port = scheme.equals("http") ? ":80" : ":443";
        return authority.endsWith(port) ? authority.substring(0, authority.length() - port.length()) : authority;
    }

    /// Where a link on this page leads: feeds have relative ones. Empty for what is no URL of the web.
    Optional<WebUrl> resolve(String link) {
        return parse(link).or(() -> {
            try {
                return parse(URI.create(toString()).resolve(link).toString());
            } catch (IllegalArgumentException unreadable) {
                return Optional.empty();
            }
        });
    }

    WebUrl onSameHost(String otherPath) {
        return new WebUrl(scheme, authority, otherPath);
    }

    /// Whether people take both for one site: `http://example.com` is `https://www.example.com` to them. Whoever has a
    /// name has its `www`, too, so that gives nobody else's site away.
    boolean isOnSiteOf(WebUrl other) {
        return site().equals(other.site());
    }

    private String site() {
        return authority.startsWith(WWW) ? authority.substring(WWW.length()) : authority;
    }

    String origin() {
        return scheme + "://" + authority;
    }

    @Override
    public String toString() {
        return origin() + path;
    }
}

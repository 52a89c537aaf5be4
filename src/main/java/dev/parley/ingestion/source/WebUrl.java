package dev.parley.ingestion.source;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A URL of a page, as far as one tells pages and hosts apart by it. Whether it may be reached is not judged here.
///
/// @param authority host and port, in lower case
/// @param path with the query; without the fragment, which names a place within the page
record WebUrl(String scheme, String authority, String path) {

    /// The protocol of sitemaps has it, and so has the database.
    static final int MAX_LENGTH = 2048;

    private static final Pattern PARTS =
            Pattern.compile("(?i)(https?)://([^/?#\\s]+)([^#\\s]*)(#\\S*)?", Pattern.UNICODE_CHARACTER_CLASS);

    /// Empty for what is no URL of the web, or too long for one.
    static Optional<WebUrl> parse(String text) {
        Matcher parts = PARTS.matcher(text.strip());
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_LENGTH || !parts.matches()) {
            return Optional.empty();
        }
        String path = parts.group(3);
        return Optional.of(new WebUrl(
                parts.group(1).toLowerCase(Locale.ROOT),
                parts.group(2).toLowerCase(Locale.ROOT),
                path.startsWith("/") ? path : "/" + path));
    }

    String origin() {
        return scheme + "://" + authority;
    }

    @Override
    public String toString() {
        return origin() + path;
    }
}

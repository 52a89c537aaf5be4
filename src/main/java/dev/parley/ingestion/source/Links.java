package dev.parley.ingestion.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// What a sitemap (https://www.sitemaps.org/protocol.html) or a feed (RSS, Atom) links to.
///
/// @param pages links to documents
/// @param sitemaps links to further sitemaps
/// @param cut whether there are more than a sitemap may have; they are not among these
record Links(List<String> pages, List<String> sitemaps, boolean cut) {

    /// What the protocol lets a sitemap have.
    static final int MOST = 50_000;

    /// A document that is none, or too large.
    static final class Unreadable extends RuntimeException {

        Unreadable(String message) {
            super(message);
        }
    }

    /// @throws Unreadable
    /// @throws IOException when the answer breaks off
    static Links ofSitemap(InputStream body) throws IOException {
        return LinkReader.read(body, "sitemap", List.of("urlset", "sitemapindex"));
    }

    /// @throws Unreadable
    /// @throws IOException when the answer breaks off
    static Links ofFeed(InputStream body) throws IOException {
        return LinkReader.read(body, "feed", List.of("rss", "feed", "rdf"));
    }
}

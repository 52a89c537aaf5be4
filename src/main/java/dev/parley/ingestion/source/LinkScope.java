package dev.parley.ingestion.source;

import dev.parley.egress.PercentEncoding;
import java.util.List;

/// Which of the links that a sitemap or a feed lists belong to its source, and where its pages may move. Without an
/// `include` that says more it is their own site, as the protocol of sitemaps has it: nobody can make Parley ask
/// whomever they list.
///
/// @param include beginnings of URLs, or of paths on the own site
/// @param widens whether the source's owner can include more
record LinkScope(WebUrl base, List<String> include, List<String> exclude, boolean widens) {

    LinkScope(WebUrl base, List<String> include, List<String> exclude) {
        this(base, include, exclude, true);
    }

    /// @param page a document of the source
    static LinkScope of(Origin origin, WebUrl page) {
        return switch (origin) {
            case Origin.Sitemap(String url, List<String> include, List<String> exclude) ->
                new LinkScope(WebUrl.parse(url).orElse(page), include, exclude);
            case Origin.Feed feed ->
                new LinkScope(WebUrl.parse(feed.url()).orElse(page), feed.include(), feed.exclude());
            case Origin.S3 _, Origin.Urls _ -> new LinkScope(page, List.of(), List.of(), false);
        };
    }

    boolean holds(WebUrl link) {
        return (include.isEmpty() ? link.isOnSiteOf(base) : isIncluded(link)) && !isExcluded(link);
    }

    /// Whether this may be read for what it lists.
    boolean holdsListing(WebUrl listing) {
        return listing.isOnSiteOf(base) || isIncluded(listing);
    }

    /// Whether a page may send to another one: within its own site, and to what is included.
    boolean letsMove(WebUrl page, WebUrl to) {
        return (to.isOnSiteOf(page) || isIncluded(to)) && !isExcluded(to);
    }

    /// What owners can do about a page that this does not let move there.
    String explain(WebUrl to) {
        String remedy = widens
                ? "which is another site or excluded: include it, or name the final URL."
                : "which is another site: name the final URL.";
        return "It redirects to '%s', %s".formatted(to.origin(), remedy);
    }

    private boolean isIncluded(WebUrl link) {
        return include.stream().anyMatch(prefix -> begins(link, prefix));
    }

    private boolean isExcluded(WebUrl link) {
        return exclude.stream().anyMatch(prefix -> begins(link, prefix));
    }

    private boolean begins(WebUrl link, String prefix) {
        return prefix.startsWith("/")
                ? link.isOnSiteOf(base) && begins(link.path(), prefix)
                : WebUrl.parse(prefix).filter(url -> begins(link, url)).isPresent();
    }

    /// Not text by text: `https://example.com` must not be the beginning of `https://example.com.evil/`.
    private static boolean begins(WebUrl link, WebUrl prefix) {
        return link.origin().equals(prefix.origin()) && begins(link.path(), prefix.path());
    }

    private static boolean begins(String path, String prefix) {
        return PercentEncoding.normalize(path).startsWith(PercentEncoding.normalize(prefix));
    }
}

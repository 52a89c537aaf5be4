package dev.parley.ingestion.source;

import java.util.List;

/// Which of the links that a sitemap or a feed lists belong to its source. Without an `include` that says more it is
/// those of its own host, as the protocol of sitemaps has it: nobody can make Parley ask whomever they list.
///
/// @param include beginnings of URLs, or of paths on the own host
record LinkScope(WebUrl base, List<String> include, List<String> exclude) {

    boolean holds(WebUrl link) {
        boolean included =
                include.isEmpty() ? isOnOwnHost(link) : include.stream().anyMatch(prefix -> begins(link, prefix));
        return included && exclude.stream().noneMatch(prefix -> begins(link, prefix));
    }

    boolean isOnOwnHost(WebUrl link) {
        return link.authority().equals(base.authority());
    }

    private boolean begins(WebUrl link, String prefix) {
        return prefix.startsWith("/")
                ? isOnOwnHost(link) && link.path().startsWith(prefix)
                : WebUrl.parse(prefix).filter(url -> begins(link, url)).isPresent();
    }

    /// Not text by text: `https://example.com` must not be the beginning of `https://example.com.evil/`.
    private static boolean begins(WebUrl link, WebUrl prefix) {
        return link.origin().equals(prefix.origin()) && link.path().startsWith(prefix.path());
    }
}

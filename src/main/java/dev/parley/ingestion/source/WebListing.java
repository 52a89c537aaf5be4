package dev.parley.ingestion.source;

import dev.parley.ingestion.source.SourceListing.Failure;
import dev.parley.ingestion.source.SourceListing.Listed;
import dev.parley.ingestion.source.SourceListing.Page;
import dev.parley.invocation.Deadline;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What sitemaps and feeds list of a site. An index of sitemaps is a page of its own, and so is each of its sitemaps.
@ApplicationScoped
class WebListing {

    /// A checkpoint with all of an index' fifty thousand would be too large.
    private static final int MAX_SITEMAPS = 1000;

    private final WebPages web;

    WebListing(WebPages web) {
        this.web = web;
    }

    Page feed(Origin.Feed feed, Deadline deadline) {
        WebUrl url = url(feed.url());
        var scope = new LinkScope(url, feed.include(), feed.exclude());
        Listing listing = read(WebPages.Request.of(url, scope, deadline), false);
        return new Page(listing.documents(scope), List.of(), listing.cut());
    }

    /// @param left sitemaps of the index that are still to be read; null before the first
    Page sitemap(Origin.Sitemap sitemap, @Nullable List<String> left, Deadline deadline) {
        WebUrl url = url(left == null || left.isEmpty() ? sitemap.url() : left.getFirst());
        var scope = new LinkScope(url(sitemap.url()), sitemap.include(), sitemap.exclude());
        Listing listing = read(WebPages.Request.of(url, scope, deadline), true);
        return left == null ? index(listing, scope) : ofIndex(listing, scope, rest(left));
    }

    static List<String> rest(List<String> left) {
        return left.isEmpty() ? left : left.subList(1, left.size());
    }

    private static Page index(Listing listing, LinkScope scope) {
        List<WebUrl> all = listing.sitemaps();
        List<String> ours = all.stream()
                .filter(scope::holdsListing)
                .limit(MAX_SITEMAPS)
                .map(WebUrl::toString)
                .toList();
        Optional<WebUrl> foreign =
                all.stream().filter(each -> !scope.holdsListing(each)).findFirst();
        String missing = listing.cut();
        if (foreign.isPresent()) {
            missing = "The index lists sitemaps of another host, '%s', which are read only if 'include' names them."
                    .formatted(foreign.get().authority());
        } else if (ours.size() < all.size()) {
            missing = "The index has more than %d sitemaps: the rest is not read.".formatted(MAX_SITEMAPS);
        }
        return new Page(listing.documents(scope), ours, missing);
    }

    private static Page ofIndex(Listing listing, LinkScope scope, List<String> rest) {
        String missing = listing.sitemaps().isEmpty()
                ? listing.cut()
                : "An index of sitemaps lists another index, which is not read: %s".formatted(listing.url);
        return new Page(listing.documents(scope), rest, missing);
    }

    private Listing read(WebPages.Request request, boolean isSitemap) {
        return web.get(request, answer -> {
            if (answer.status() / 100 != 2) {
                String reason = "%s answered %d.".formatted(request.url(), answer.status());
                throw answer.status() / 100 == 5 ? Unfetched.passing(reason) : Unfetched.refused(reason);
            }
            return new Listing(
                    WebUrl.parse(answer.url()).orElse(request.url()),
                    isSitemap ? Links.ofSitemap(answer.body()) : Links.ofFeed(answer.body()));
        });
    }

    /// @param url after redirects: relative links are relative to it
    private record Listing(WebUrl url, Links links) {

        List<Listed> documents(LinkScope scope) {
            return urls(links.pages())
                    .filter(scope::holds)
                    .map(page -> new Listed(page.toString(), null))
                    .toList();
        }

        List<WebUrl> sitemaps() {
            return urls(links.sitemaps()).toList();
        }

        private Stream<WebUrl> urls(List<String> texts) {
            return texts.stream().map(url::resolve).flatMap(Optional::stream).distinct();
        }

        @Nullable
        String cut() {
            return links.cut() ? "%s lists more than %d: the rest is left out.".formatted(url, Links.MOST) : null;
        }
    }

    private static WebUrl url(String text) {
        return WebUrl.parse(text).orElseThrow(() -> new Failure("Not a URL: " + text, false));
    }
}

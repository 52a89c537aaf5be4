package dev.parley.ingestion.source;

import dev.parley.aws.ObjectListing;
import dev.parley.invocation.Deadline;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a source holds, page by page. What is left after a page is a list of texts, which a run keeps as its
/// checkpoint: sitemaps still to be read, or the last key of a bucket.
@ApplicationScoped
class SourceListing {

    /// A checkpoint with all of an index' fifty thousand would be too large.
    private static final int MAX_SITEMAPS = 1000;

    private final WebPages web;
    private final ObjectListing objects;
    private final BucketRules buckets;

    SourceListing(WebPages web, ObjectListing objects, BucketRules buckets) {
        this.web = web;
        this.objects = objects;
        this.buckets = buckets;
    }

    /// @param version changes with the content; null where the listing does not tell
    record Listed(String key, @Nullable String version) {}

    /// @param left what is to be listed after this page; empty for nothing
    /// @param missing why there is more than the listing will show; null where it is whole
    record Page(
            List<Listed> documents,
            List<String> left,
            @Nullable String missing) {

        private static Page last(List<Listed> documents) {
            return new Page(documents, List.of(), null);
        }
    }

    /// A page that cannot be read, for a reason that the source's owner may know.
    static final class Failure extends RuntimeException {

        private final boolean passing;

        private Failure(String reason, boolean passing) {
            super(reason);
            this.passing = passing;
        }

        boolean isPassing() {
            return passing;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /// @param left what is left of the listing; null for all of it
    /// @throws Failure
    /// @throws HostBusy when it is to be asked for later
    Page page(Source source, @Nullable List<String> left, Deadline deadline) {
        try {
            return switch (source.origin()) {
                case Origin.S3 s3 -> objects(source, s3, left);
                case Origin.Sitemap sitemap -> sitemap(sitemap, left, deadline);
                case Origin.Feed feed -> feed(feed, deadline);
                case Origin.Urls(List<String> urls) ->
                    Page.last(urls.stream().map(url -> new Listed(url, null)).toList());
            };
        } catch (Unfetched failure) {
            throw new Failure(failure.getMessage(), failure.isPassing());
        } catch (Links.Unreadable unreadable) {
            throw new Failure(String.valueOf(unreadable.getMessage()), false);
        } catch (Problem problem) {
            throw new Failure(problem.getMessage(), problem.kind() == ProblemKind.UNAVAILABLE);
        }
    }

    /// What is left when the next page is given up.
    static List<String> without(Source source, @Nullable List<String> left) {
        return source.origin() instanceof Origin.Sitemap && left != null ? rest(left) : List.of();
    }

    private static List<String> rest(List<String> left) {
        return left.isEmpty() ? left : left.subList(1, left.size());
    }

    private Page objects(Source source, Origin.S3 s3, @Nullable List<String> left) {
        if (!buckets.allow(source.id().tenant(), s3.bucket(), s3.prefix())) {
            throw new Failure("The operator does not let you read this prefix any more.", false);
        }
        String after = left == null || left.isEmpty() ? null : left.getFirst();
        ObjectListing.Section page = objects.after(s3.bucket(), s3.prefix(), after);
        List<Listed> documents = page.objects().stream()
                .filter(object -> !object.isFolder())
                .map(object -> new Listed(object.key(), object.etag()))
                .toList();
        return new Page(
                documents, page.more() ? List.of(page.objects().getLast().key()) : List.of(), null);
    }

    private Page sitemap(Origin.Sitemap sitemap, @Nullable List<String> left, Deadline deadline) {
        WebUrl url = url(left == null || left.isEmpty() ? sitemap.url() : left.getFirst());
        Links links = read(url, deadline, true);
        var scope = new LinkScope(url(sitemap.url()), sitemap.include(), sitemap.exclude());
        List<Listed> documents = documents(links.pages(), url, scope);
        List<String> further = links.sitemaps().stream()
                .map(link -> resolved(url, link))
                .flatMap(Optional::stream)
                .filter(scope::isOnOwnHost)
                .map(WebUrl::toString)
                .distinct()
                .toList();
        if (left == null) {
            String cut = further.size() > MAX_SITEMAPS
                    ? "The index has more than %d sitemaps.".formatted(MAX_SITEMAPS)
                    : null;
            return new Page(documents, further.stream().limit(MAX_SITEMAPS).toList(), cut);
        }
        return new Page(documents, rest(left), further.isEmpty() ? null : "An index of sitemaps lists another index.");
    }

    private Page feed(Origin.Feed feed, Deadline deadline) {
        WebUrl url = url(feed.url());
        var scope = new LinkScope(url, feed.include(), feed.exclude());
        return Page.last(documents(read(url, deadline, false).pages(), url, scope));
    }

    private Links read(WebUrl url, Deadline deadline, boolean isSitemap) {
        return web.get(WebPages.Request.of(url, deadline), answer -> {
            if (answer.status() / 100 != 2) {
                String reason = "%s answered %d.".formatted(url, answer.status());
                throw answer.status() / 100 == 5 ? Unfetched.passing(reason) : Unfetched.refused(reason);
            }
            return isSitemap ? Links.ofSitemap(answer.body()) : Links.ofFeed(answer.body());
        });
    }

    private static List<Listed> documents(List<String> links, WebUrl base, LinkScope scope) {
        return links.stream()
                .map(link -> resolved(base, link))
                .flatMap(Optional::stream)
                .filter(scope::holds)
                .map(WebUrl::toString)
                .distinct()
                .map(url -> new Listed(url, null))
                .toList();
    }

    /// Feeds have relative links.
    private static Optional<WebUrl> resolved(WebUrl base, String link) {
        return WebUrl.parse(link).or(() -> {
            try {
                return WebUrl.parse(URI.create(base.toString()).resolve(link).toString());
            } catch (IllegalArgumentException unreadable) {
                return Optional.empty();
            }
        });
    }

    private static WebUrl url(String text) {
        return WebUrl.parse(text).orElseThrow(() -> new Failure("Not a URL: " + text, false));
    }
}

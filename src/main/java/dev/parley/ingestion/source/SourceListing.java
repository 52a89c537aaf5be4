package dev.parley.ingestion.source;

import dev.parley.aws.ObjectListing;
import dev.parley.invocation.Deadline;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a source holds, page by page. What is left after a page is a list of texts, which a run keeps as its
/// checkpoint: sitemaps still to be read, or the last key of a bucket.
@ApplicationScoped
class SourceListing {

    private final WebListing web;
    private final ObjectListing objects;
    private final BucketRules buckets;

    SourceListing(WebListing web, ObjectListing objects, BucketRules buckets) {
        this.web = web;
        this.objects = objects;
        this.buckets = buckets;
    }

    /// @param version changes with the content; null where the listing does not tell
    record Listed(String key, @Nullable String version) {}

    /// @param left what is to be listed after this page; empty for nothing
    /// @param missing why there is more than the listing will ever show; null where it shows all
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

        Failure(String reason, boolean passing) {
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
                case Origin.Sitemap sitemap -> web.sitemap(sitemap, left, deadline);
                case Origin.Feed feed -> web.feed(feed, deadline);
                case Origin.Urls(List<String> urls, int _) ->
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
        return source.origin() instanceof Origin.Sitemap && left != null ? WebListing.rest(left) : List.of();
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
        return new Page(documents, page.more() ? List.of(last(page)) : List.of(), null);
    }

    /// Where the next page begins. A checkpoint is text: objects after it whose keys are not come once more.
    static String last(ObjectListing.Section page) {
        return page.objects().reversed().stream()
                .map(ObjectListing.Listed::key)
                .filter(DocumentKey::isText)
                .findFirst()
                .orElseThrow(() -> new Failure("The keys of too many objects in a row have a NUL.", false));
    }
}

package dev.parley.ingestion.source;

import dev.parley.api.JsonField;
import dev.parley.identity.Callers;
import dev.parley.ingestion.source.Source.Settings;
import dev.parley.ingestion.source.Source.Status;
import dev.parley.knowledge.Filing;
import dev.parley.knowledge.Filings;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads what clients say of a source, or says what is wrong with it.
@ApplicationScoped
class SourceRequests {

    static final String TYPE = "type";
    static final String STORE = "vector_store_id";

    private static final String STATUS = "status";
    private static final String SCHEDULE = "schedule";
    private static final String EVERY = "every";
    private static final String MAX_DOCUMENTS = "max_documents";
    private static final String URL = "url";
    private static final String URLS = "urls";
    private static final String BUCKET = "bucket";
    private static final String PREFIX = "prefix";
    private static final String INCLUDE = "include";
    private static final String EXCLUDE = "exclude";
    private static final String KEEP_UNLISTED = "keep_unlisted";

    private static final Set<String> COMMON = Set.of(SCHEDULE, MAX_DOCUMENTS, Filing.ATTRIBUTES, Filing.CHUNKING);

    private static final int DAILY = (int) Duration.ofDays(1).toSeconds();
    private static final int RARELY = (int) Duration.ofDays(365).toSeconds();
    private static final int MAX_PREFIXES = 50;

    /// Of all URLs of a list together: ten thousand of a hundred characters. The list is read as a whole.
    private static final int MAX_URLS = 1_000_000;

    private static final int MAX_BUCKET = 63;
    private static final int MAX_PREFIX = 1024;

    private final Filings filings;
    private final BucketRules buckets;
    private final Callers callers;
    private final SourcesConfig config;

    SourceRequests(Filings filings, BucketRules buckets, Callers callers, SourcesConfig config) {
        this.filings = filings;
        this.buckets = buckets;
        this.callers = callers;
        this.config = config;
    }

    Settings create(JsonField request) {
        String type = request.get(TYPE)
                .oneOf(Set.of(Origin.S3.TYPE, Origin.Sitemap.TYPE, Origin.Feed.TYPE, Origin.Urls.TYPE));
        request.allowOnly(allowed(type, Set.of(TYPE, STORE)));
        var defaults = new Settings(blank(type), Filing.PLAIN, DAILY, config.maxDocuments());
        return settings(request, defaults, true);
    }

    /// What is mentioned; a source keeps its type and its store.
    Source change(JsonField request, Source before) {
        request.allowOnly(allowed(before.origin().type(), Set.of(STATUS)));
        Status status = request.find(STATUS)
                .map(field -> Status.of(field.oneOf(Set.of(Status.ACTIVE.code(), Status.PAUSED.code()))))
                .orElse(before.status());
        return before.with(settings(request, before.settings(), false), status);
    }

    private static Set<String> allowed(String type, Set<String> more) {
        var names = new HashSet<>(COMMON);
        names.addAll(more);
        names.addAll(
                switch (type) {
                    case Origin.S3.TYPE -> Set.of(BUCKET, PREFIX);
                    case Origin.Sitemap.TYPE -> Set.of(URL, INCLUDE, EXCLUDE);
                    case Origin.Feed.TYPE -> Set.of(URL, INCLUDE, EXCLUDE, KEEP_UNLISTED);
                    default -> Set.of(URLS);
                });
        return names;
    }

    private static Origin blank(String type) {
        return switch (type) {
            case Origin.S3.TYPE -> new Origin.S3("", "");
            case Origin.Sitemap.TYPE -> new Origin.Sitemap("", List.of(), List.of());
            case Origin.Feed.TYPE -> new Origin.Feed("", List.of(), List.of(), true);
            default -> Origin.Urls.of(List.of());
        };
    }

    private Settings settings(JsonField request, Settings before, boolean isNew) {
        int every = request.find(SCHEDULE)
                .map(schedule -> schedule.object().allowOnly(Set.of(EVERY)).get(EVERY))
                .map(field -> field.integer((int) config.minInterval().toSeconds(), RARELY))
                .orElse(before.everySeconds());
        int most = request.find(MAX_DOCUMENTS)
                .map(field -> field.integer(1, config.maxDocuments()))
                .orElse(before.maxDocuments());
        return new Settings(
                origin(request, before.origin(), isNew), filings.read(request, before.filing()), every, most);
    }

    private Origin origin(JsonField request, Origin before, boolean isNew) {
        return switch (before) {
            case Origin.S3 s3 -> s3(request, s3, isNew);
            case Origin.Sitemap sitemap ->
                new Origin.Sitemap(
                        url(request, sitemap.url(), isNew),
                        prefixes(request, INCLUDE, sitemap.include()),
                        prefixes(request, EXCLUDE, sitemap.exclude()));
            case Origin.Feed feed ->
                new Origin.Feed(
                        url(request, feed.url(), isNew),
                        prefixes(request, INCLUDE, feed.include()),
                        prefixes(request, EXCLUDE, feed.exclude()),
                        request.find(KEEP_UNLISTED).map(JsonField::bool).orElse(feed.keepUnlisted()));
            case Origin.Urls urls ->
                isNew || request.find(URLS).isPresent() ? Origin.Urls.of(urls(request.get(URLS))) : urls;
        };
    }

    private Origin.S3 s3(JsonField request, Origin.S3 before, boolean isNew) {
        if (!isNew && request.find(BUCKET).isEmpty() && request.find(PREFIX).isEmpty()) {
            return before;
        }
        String bucket =
                isNew || request.find(BUCKET).isPresent() ? text(request.get(BUCKET), MAX_BUCKET) : before.bucket();
        String prefix =
                request.find(PREFIX).map(field -> text(field, MAX_PREFIX)).orElse(before.prefix());
        if (!buckets.allow(callers.current().tenant(), bucket, prefix)) {
            throw Problem.invalid(
                    PREFIX, "The operator does not let you read '%s' of bucket '%s'.".formatted(prefix, bucket));
        }
        return new Origin.S3(bucket, prefix);
    }

    private static String url(JsonField request, String before, boolean isNew) {
        return isNew || request.find(URL).isPresent() ? webUrl(request.get(URL)) : before;
    }

    private List<String> urls(JsonField field) {
        List<String> urls = field.items(config.maxDocuments()).stream()
                .map(SourceRequests::webUrl)
                .distinct()
                .toList();
        if (urls.isEmpty()) {
            throw field.invalid("expected at least one URL.");
        }
        int length = urls.stream().mapToInt(String::length).sum();
        if (length > MAX_URLS) {
            throw field.invalid(
                    "list too long. Expected at most %d characters in all, but got %d.".formatted(MAX_URLS, length));
        }
        return urls;
    }

    private static String webUrl(JsonField field) {
        return WebUrl.parse(text(field, WebUrl.MAX_LENGTH))
                .orElseThrow(() -> field.invalid("expected a URL such as https://example.com/."))
                .toString();
    }

    private static List<String> prefixes(JsonField request, String name, List<String> before) {
        return request.find(name)
                .map(field -> field.items(MAX_PREFIXES).stream()
                        .map(SourceRequests::prefix)
                        .toList())
                .orElse(before);
    }

    private static String prefix(JsonField field) {
        String prefix = text(field, WebUrl.MAX_LENGTH);
        if (!prefix.startsWith("/") && WebUrl.parse(prefix).isEmpty()) {
            throw field.invalid("expected the beginning of a URL, or of a path such as '/docs/'.");
        }
        return prefix;
    }

    private static String text(JsonField field, int maxLength) {
        String text = field.text(maxLength);
        if (text.indexOf('\0') >= 0) {
            throw field.invalid("it holds a NUL.");
        }
        return text;
    }
}

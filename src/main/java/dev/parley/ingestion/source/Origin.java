package dev.parley.ingestion.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/// Where a source's documents are: what is stored of it, and shown, by its type.
sealed interface Origin {

    /// What is below a prefix of a bucket.
    @RegisterForReflection
    record S3(String bucket, String prefix) implements Origin {
        static final String TYPE = "s3";
    }

    /// What a sitemap lists, or the sitemaps of an index.
    @RegisterForReflection
    record Sitemap(String url, List<String> include, List<String> exclude) implements Origin {
        static final String TYPE = "sitemap";
    }

    /// What an RSS or Atom feed links to.
    ///
    /// @param keepUnlisted whether an entry outlives its place in the feed, which shows the newest only
    @RegisterForReflection
    record Feed(
            String url,
            List<String> include,
            List<String> exclude,
            @JsonProperty("keep_unlisted") boolean keepUnlisted) implements Origin {
        static final String TYPE = "feed";
    }

    /// A list that its owner wrote.
    ///
    /// @param urls none where only their number was read, as for lists of sources
    @RegisterForReflection
    record Urls(
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> urls,
            @JsonProperty("url_count") int count) implements Origin {
        static final String TYPE = "urls";

        static Urls of(List<String> urls) {
            return new Urls(urls, urls.size());
        }
    }

    default String type() {
        return switch (this) {
            case S3 _ -> S3.TYPE;
            case Sitemap _ -> Sitemap.TYPE;
            case Feed _ -> Feed.TYPE;
            case Urls _ -> Urls.TYPE;
        };
    }

    /// @throws IllegalArgumentException for a type that this release does not know
    static Class<? extends Origin> ofType(String type) {
        return switch (type) {
            case S3.TYPE -> S3.class;
            case Sitemap.TYPE -> Sitemap.class;
            case Feed.TYPE -> Feed.class;
            case Urls.TYPE -> Urls.class;
            default -> throw new IllegalArgumentException("Unknown type of source: " + type);
        };
    }
}

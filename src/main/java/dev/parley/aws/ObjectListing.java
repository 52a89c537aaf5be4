package dev.parley.aws;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// What is in a bucket, page by page in the order of keys. Not for inside a transaction.
@ApplicationScoped
public class ObjectListing {

    private static final Logger LOG = Logger.getLogger(ObjectListing.class);
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final S3Clients clients;

    ObjectListing(S3Clients clients) {
        this.clients = clients;
    }

    /// @param etag changes with the content
    public record Listed(String key, long bytes, String etag) {

        /// Consoles make an empty object for what they show as a folder.
        public boolean isFolder() {
            return bytes == 0 && key.endsWith("/");
        }
    }

    /// @param more whether there are objects after these
    public record Section(List<Listed> objects, boolean more) {}

    /// Up to a thousand objects.
    ///
    /// @param after the last key of the page before: unlike S3's own token it does not age
    /// @throws Problem (400) when the bucket is not there or refuses, (503) for what passes
    public Section after(String bucket, String prefix, @Nullable String after) {
        try {
            ListObjectsV2Response page = AwsClients.await(clients.client()
                    .listObjectsV2(list -> list.bucket(bucket).prefix(prefix).startAfter(after)));
            return new Section(
                    page.contents().stream()
                            .map(object -> new Listed(object.key(), object.size(), object.eTag()))
                            .toList(),
                    Boolean.TRUE.equals(page.isTruncated()));
        } catch (S3Exception answered) {
            LOG.warnf(answered, "The bucket %s cannot be listed", bucket);
            throw answered.statusCode() < 500 && answered.statusCode() != 429
                    ? Problem.of(
                            ProblemKind.INVALID_REQUEST,
                            "bucket_refused",
                            "The bucket '%s' does not exist, or does not let itself be listed.".formatted(bucket))
                    : passing(bucket);
        } catch (SdkException | CompletionException failure) {
            LOG.warnf(failure, "The bucket %s cannot be listed", bucket);
            throw passing(bucket);
        }
    }

    private static Problem passing(String bucket) {
        return Problem.passing(
                ProblemKind.UNAVAILABLE,
                "bucket_unavailable",
                "The bucket '%s' cannot be listed right now.".formatted(bucket),
                AGAIN);
    }
}

package dev.parley.aws;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/// Objects in S3, whole or part by part. Every call ends within the time-outs; it holds back whoever makes it, so none
/// is made inside a transaction.
///
/// Failures that pass, and a bucket that refuses, are a [Problem] (503).
@ApplicationScoped
public class ObjectStore {

    private static final Logger LOG = Logger.getLogger(ObjectStore.class);

    /// What is read at once.
    private static final int PART_SIZE = 4 * 1024 * 1024;

    private static final int NOT_LIKE_THIS = 412;

    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final S3Clients clients;
    private final Clock clock;

    ObjectStore(S3Clients clients, Clock clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /// How an object is kept.
    ///
    /// @param kmsKey encrypts it; null for the bucket's own default
    public record Keeping(String contentType, @Nullable String kmsKey) {

        @Nullable
        ServerSideEncryption encryption() {
            return kmsKey == null ? null : ServerSideEncryption.AWS_KMS;
        }
    }

    /// An object that is there.
    ///
    /// @param etag changes with the content; empty where it does not matter
    public record Facts(long bytes, String etag) {

        /// Whether it is long enough to have this part.
        public boolean hasPart(int number) {
            return from(number) < bytes;
        }

        private String range(int number) {
            return "bytes=%d-%d".formatted(from(number), Math.min(from(number + 1), bytes) - 1);
        }

        private static long from(int number) {
            return (long) number * PART_SIZE;
        }
    }

    /// A request that whoever holds it may make once the headers are as they are here.
    public record Presigned(String url, Map<String, String> headers, Instant expiresAt) {}

    /// Writes the object whole or not at all; a large one in several requests.
    public void put(ObjectName name, Path content, Keeping keeping) {
        call(name, () -> s3().putObject(
                        put -> put.bucket(name.bucket())
                                .key(name.key())
                                .contentType(keeping.contentType())
                                .serverSideEncryption(keeping.encryption())
                                .ssekmsKeyId(keeping.kmsKey()),
                        AsyncRequestBody.fromFile(content)));
    }

    public Optional<Facts> find(ObjectName name) {
        return find(name, () -> s3().headObject(
                                head -> head.bucket(name.bucket()).key(name.key())))
                .map(head -> new Facts(head.contentLength(), head.eTag()));
    }

    /// The part of this number, from 0, of an object that is so long; empty after the last one, and when the object is
    /// not there or has another ETag.
    public Optional<byte[]> part(ObjectName name, Facts facts, int number) {
        if (!facts.hasPart(number)) {
            return Optional.empty();
        }
        return find(name, () -> s3().getObject(
                                get -> get.bucket(name.bucket())
                                        .key(name.key())
                                        .range(facts.range(number))
                                        .ifMatch(facts.etag().isEmpty() ? null : facts.etag()),
                                AsyncResponseTransformer.toBytes()))
                .map(part -> part.asByteArrayUnsafe());
    }

    /// Writes the object to a file. False when it is not there, or not like this.
    public boolean download(ObjectName name, Facts facts, Path to) {
        long written = 0;
        try (var out = Files.newOutputStream(to)) {
            int number = 0;
            for (var part = part(name, facts, number); part.isPresent(); part = part(name, facts, ++number)) {
                out.write(part.get());
                written += part.get().length;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return written == facts.bytes();
    }

    /// It is gone afterwards, whether it was there or not.
    public void delete(ObjectName name) {
        call(name, () -> s3().deleteObject(
                        delete -> delete.bucket(name.bucket()).key(name.key())));
    }

    /// Lets whoever has the answer put exactly so many bytes. Asks nobody but, at times, for this process' credentials.
    public Presigned presignPut(ObjectName name, long bytes, Keeping keeping, Duration life) {
        var signed = clients.presigner().presignPutObject(request -> request.signatureDuration(life)
                .putObjectRequest(put -> put.bucket(name.bucket())
                        .key(name.key())
                        .contentLength(bytes)
                        .contentType(keeping.contentType())
                        .serverSideEncryption(keeping.encryption())
                        .ssekmsKeyId(keeping.kmsKey())));
        var headers = new TreeMap<String, String>();
        signed.signedHeaders().forEach((header, values) -> {
            if (!header.equalsIgnoreCase("host")) {
                headers.put(header, values.getFirst());
            }
        });
        return new Presigned(signed.url().toString(), headers, clock.instant().plus(life));
    }

    private S3AsyncClient s3() {
        return clients.client();
    }

    private static <T> Optional<T> find(ObjectName name, Supplier<CompletableFuture<T>> request) {
        try {
            return Optional.of(AwsClients.await(request.get()));
        } catch (NoSuchKeyException missing) {
            return Optional.empty();
        } catch (S3Exception refused) {
            if (refused.statusCode() == NOT_LIKE_THIS) {
                return Optional.empty();
            }
            throw told(name, refused);
        } catch (SdkException | CompletionException failure) {
            throw told(name, failure);
        }
    }

    private static <T> T call(ObjectName name, Supplier<CompletableFuture<T>> request) {
        try {
            return AwsClients.await(request.get());
        } catch (SdkException | CompletionException failure) {
            throw told(name, failure);
        }
    }

    private static Problem told(ObjectName name, RuntimeException failure) {
        LOG.warnf(failure, "The bucket %s cannot be used", name.bucket());
        return Problem.passing(
                ProblemKind.UNAVAILABLE,
                "file_storage_unavailable",
                "Files cannot be stored or read right now. Please retry shortly.",
                AGAIN);
    }
}

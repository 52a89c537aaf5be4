package dev.parley.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.net.URI;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/// An S3 in the tests' process that checks signatures and checksums, with a bucket for files and one that belongs to
/// others. Files go to the database all the same unless the test's profile names the bucket.
public final class S3ProxyResource implements QuarkusTestResourceLifecycleManager {

    public static final String FILES = "parley-files";
    public static final String DOCUMENTS = "team-documents";

    /// Who may, as [ScriptedProviderResource] puts it where the SDK looks.
    private static final String KEY = "AKIASCRIPTED";

    private static final String SECRET = "scripted-secret";

    private final TransientNio2BlobStore buckets = new TransientNio2BlobStore();
    private final S3Proxy server = S3Proxy.builder()
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEY, SECRET)
            .blobStore(buckets)
            // It does not know the size that the SDK tells with the end of a large object.
            .ignoreUnknownHeaders(true)
            .build();

    @Override
    public Map<String, String> start() {
        try {
            server.start();
            buckets.createContainer(FILES);
            buckets.createContainer(DOCUMENTS);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
        System.setProperty("aws.accessKeyId", KEY);
        System.setProperty("aws.secretAccessKey", SECRET);
        return Map.of(
                "parley.aws.region", "eu-central-1",
                "parley.aws.s3.endpoint", "http://127.0.0.1:" + server.getPort(),
                "parley.aws.s3.path-style", "true");
    }

    @Override
    public void stop() {
        try {
            server.stop();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}

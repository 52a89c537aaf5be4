package dev.parley.ingestion.source;

import dev.parley.aws.ObjectName;
import dev.parley.aws.ObjectStore;
import dev.parley.testing.S3ProxyResource;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A tenant's folder in the bucket of documents, as other systems use it, and how S3 tells of what they do.
record TestBucket(ObjectStore objects, TestTenant tenant) {

    String prefix() {
        return tenant.id() + "/docs/";
    }

    ObjectName object(String name) {
        return new ObjectName(S3ProxyResource.DOCUMENTS, prefix() + name);
    }

    Map<String, Object> origin() {
        return Map.of("type", "s3", "bucket", S3ProxyResource.DOCUMENTS, "prefix", prefix());
    }

    /// A source of the folder that has listed it once.
    TestSource source(TestStore store) {
        var source = TestSource.create(tenant, store, origin());
        source.ended();
        return source;
    }

    void put(String name, String content) {
        try {
            Path file = Files.createTempFile("test-bucket", ".txt");
            try {
                Files.writeString(file, content);
                objects.put(object(name), file, new ObjectStore.Keeping("text/markdown", null));
            } finally {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void delete(String name) {
        objects.delete(object(name));
    }

    /// A notification with one event, as JSON.
    String event(String what, String name) {
        return """
                {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "%s",
                  "s3": {"bucket": {"name": "%s"}, "object": {"key": "%s", "sequencer": "000A"}}}]}""".formatted(
                        what, S3ProxyResource.DOCUMENTS, URLEncoder.encode(prefix() + name, StandardCharsets.UTF_8));
    }
}

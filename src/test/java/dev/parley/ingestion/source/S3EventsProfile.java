package dev.parley.ingestion.source;

import static java.util.Map.entry;

import dev.parley.testing.S3ProxyResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/// A bucket whose prefixes tenants may read: each those below its own id. Parley keeps its files there, too.
public class S3EventsProfile implements QuarkusTestProfile {

    static final String SOMEBODY = "tenant_00000000000000000000000000000001";
    static final String KEPT = "shelf/";

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(S3ProxyResource.class));
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.ofEntries(
                entry("parley.knowledge.max-file-size", "100000"),
                entry("parley.knowledge.files.bucket", S3ProxyResource.DOCUMENTS),
                entry("parley.knowledge.files.prefix", KEPT),
                entry("parley.ingestion.buckets.documents.bucket", S3ProxyResource.DOCUMENTS),
                // Says of nobody whose it is.
                entry("parley.ingestion.buckets.careless.bucket", S3ProxyResource.DOCUMENTS),
                entry("parley.ingestion.buckets.careless.prefix", "shared/"),
                entry("parley.ingestion.buckets.somebody.bucket", S3ProxyResource.DOCUMENTS),
                entry("parley.ingestion.buckets.somebody.prefix", "s"),
                entry("parley.ingestion.buckets.somebody.tenant", SOMEBODY));
    }
}

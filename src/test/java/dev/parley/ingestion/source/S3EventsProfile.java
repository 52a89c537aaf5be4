package dev.parley.ingestion.source;

import dev.parley.testing.S3ProxyResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/// A bucket whose prefixes tenants may bind: each those below its own id.
public class S3EventsProfile implements QuarkusTestProfile {

    static final String SOMEBODY = "tenant_00000000000000000000000000000001";

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(S3ProxyResource.class));
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "parley.knowledge.max-file-size",
                "100000",
                "parley.ingestion.buckets.documents.bucket",
                S3ProxyResource.DOCUMENTS,
                // Says of nobody whose it is.
                "parley.ingestion.buckets.careless.bucket",
                S3ProxyResource.DOCUMENTS,
                "parley.ingestion.buckets.careless.prefix",
                "shared/",
                "parley.ingestion.buckets.somebody.bucket",
                S3ProxyResource.DOCUMENTS,
                "parley.ingestion.buckets.somebody.prefix",
                "somebody/",
                "parley.ingestion.buckets.somebody.tenant",
                SOMEBODY);
    }
}

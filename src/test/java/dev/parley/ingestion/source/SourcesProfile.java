package dev.parley.ingestion.source;

import dev.parley.testing.FreePort;
import dev.parley.testing.S3ProxyResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The application may reach [ScriptedSite]s and a bucket, and looks at them as often as it is asked to.
public class SourcesProfile implements QuarkusTestProfile {

    static final String PORT = "test.scripted-site.port";

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(S3ProxyResource.class));
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        String port = Integer.toString(FreePort.choose());
        var config = new HashMap<String, String>();
        config.put(PORT, port);
        config.put("parley.egress.schemes", "http,https");
        config.put("parley.egress.ports", port);
        config.put("parley.egress.allowed-ranges", "127.0.0.0/8");
        config.put("parley.ingestion.buckets.documents.bucket", S3ProxyResource.DOCUMENTS);
        config.put("parley.ingestion.sources.min-interval", "1s");
        config.put("parley.ingestion.sources.host-delay", "2ms");
        config.put("parley.ingestion.sources.retry", "50ms");
        config.put("parley.ingestion.sources.robots-ttl", "1s");
        return config;
    }
}

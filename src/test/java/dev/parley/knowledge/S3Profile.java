package dev.parley.knowledge;

import dev.parley.testing.S3ProxyResource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// [KnowledgeProfile] with the content of files in S3.
public class S3Profile extends KnowledgeProfile {

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(S3ProxyResource.class));
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        var config = new HashMap<>(super.getConfigOverrides());
        config.put("parley.knowledge.files.bucket", S3ProxyResource.FILES);
        config.put("parley.knowledge.files.prefix", "tests/");
        config.put("parley.knowledge.max-file-size", "32M");
        return config;
    }
}

package dev.parley.knowledge;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;
import java.util.Set;

/// Knowledge by itself: hashed embeddings, no ingestion but what a test does, and small limits.
public class KnowledgeProfile implements QuarkusTestProfile {

    static final int MAX_FILE_SIZE = 4 * 1024 * 1024;

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(RecordedQueue.class);
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("parley.knowledge.max-file-size", String.valueOf(MAX_FILE_SIZE));
    }
}

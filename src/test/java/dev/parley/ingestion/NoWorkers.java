package dev.parley.ingestion;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/// The application under test queues jobs and leaves them to another process.
public class NoWorkers implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("parley.job.workers", "0");
    }
}

package dev.parley.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/// The application under test neither does jobs nor keeps house: others do, or nobody.
public class WithoutWorkers implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("parley.job.workers", "0", "parley.job.housekeeping.enabled", "false");
    }
}

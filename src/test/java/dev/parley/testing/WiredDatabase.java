package dev.parley.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/// The application under test reaches its database over a [DatabaseWire], and keeps no house meanwhile.
public class WiredDatabase implements QuarkusTestProfile {

    private static final String CONTROL_PROPERTY = "test.database-wire.url";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("parley.job.housekeeping.enabled", "false");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Resource.class));
    }

    public static String control() {
        return ConfigProvider.getConfig().getValue(CONTROL_PROPERTY, String.class);
    }

    public static final class Resource implements QuarkusTestResourceLifecycleManager {

        private static final String JDBC = "jdbc:";

        private DatabaseWire wire;

        @Override
        public Map<String, String> start() {
            String url = ConfigProvider.getConfig().getValue("quarkus.datasource.jdbc.url", String.class);
            URI database = URI.create(url.substring(JDBC.length()));
            try {
                wire = new DatabaseWire(database.getHost(), database.getPort());
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
            var config = new HashMap<String, String>();
            config.put(CONTROL_PROPERTY, wire.controlUrl());
            config.put(
                    "quarkus.datasource.jdbc.url",
                    url.replace(database.getHost() + ":" + database.getPort(), "localhost:" + wire.port()));
            return config;
        }

        @Override
        public void stop() {
            try {
                wire.close();
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }
}

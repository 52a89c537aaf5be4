package dev.parley.ingestion;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/// Deletes the copies that killed processes left in the temporary directory, when a process starts.
@ApplicationScoped
class StrayUploads {

    private static final Logger LOG = Logger.getLogger(StrayUploads.class);

    private final Duration age;
    private final Clock clock;

    StrayUploads(IngestionConfig config, Clock clock) {
        this.age = config.strayAfter();
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        sweep(Path.of(System.getProperty("java.io.tmpdir")), clock.instant().minus(age));
    }

    static void sweep(Path directory, Instant before) {
        try (var copies = Files.newDirectoryStream(directory, Upload.PREFIX + "*" + Upload.SUFFIX)) {
            copies.forEach(copy -> deleteIfOlder(copy, before));
        } catch (IOException | RuntimeException failure) {
            LOG.debugf(failure, "Copies of uploads in %s are left there", directory);
        }
    }

    private static void deleteIfOlder(Path copy, Instant before) {
        try {
            if (Files.getLastModifiedTime(copy).toInstant().isBefore(before)) {
                Files.deleteIfExists(copy);
            }
        } catch (IOException | RuntimeException failure) {
            LOG.debugf(failure, "%s is left where it is", copy);
        }
    }
}

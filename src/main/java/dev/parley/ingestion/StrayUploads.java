package dev.parley.ingestion;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/// Deletes what killed processes left in the temporary directory, copies of uploads and output of batches, when a
/// process starts.
@ApplicationScoped
class StrayUploads {

    private static final Logger LOG = Logger.getLogger(StrayUploads.class);

    private static final String OURS = "parley-*.{upload,jsonl}";
    private static final int BEFORE_WORKERS = 1;

    private final Duration age;
    private final Clock clock;

    StrayUploads(IngestionConfig config, Clock clock) {
        this.age = config.strayAfter();
        this.clock = clock;
    }

    void start(@Observes @Priority(BEFORE_WORKERS) StartupEvent event) {
        sweep(Path.of(System.getProperty("java.io.tmpdir")), clock.instant().minus(age));
    }

    static void sweep(Path directory, Instant before) {
        try (var files = Files.newDirectoryStream(directory, OURS)) {
            files.forEach(file -> deleteIfOlder(file, before));
        } catch (IOException | RuntimeException failure) {
            LOG.debugf(failure, "What killed processes left in %s stays there", directory);
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

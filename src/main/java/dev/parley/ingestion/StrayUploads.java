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
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// Deletes the copies that killed workers left in the temporary directory, when a process with workers starts.
@ApplicationScoped
class StrayUploads {

    private static final Logger LOG = Logger.getLogger(StrayUploads.class);

    /// Longer than any parser is let run: a younger copy may be in use by another process.
    private static final Duration STRAY = Duration.ofDays(1);

    private final int workers;
    private final Clock clock;

    StrayUploads(@ConfigProperty(name = "parley.job.workers") int workers, Clock clock) {
        this.workers = workers;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        if (workers > 0) {
            sweep(Path.of(System.getProperty("java.io.tmpdir")), clock.instant().minus(STRAY));
        }
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

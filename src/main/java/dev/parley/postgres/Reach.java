package dev.parley.postgres;

import dev.parley.problem.Problem;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Whether the database can be reached. While it cannot, nobody waits to find that out again: one thread tries, and
/// everybody else is refused at once, so requests neither hang nor queue.
///
/// A connection that breaks only raises the question. It is one trial on a fresh connection that answers it.
@ApplicationScoped
class Reach {

    private static final Logger LOG = Logger.getLogger(Reach.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int VALIDATION_SECONDS = 2;

    private final DataSource dataSource;
    private @Nullable Thread trial;
    private boolean stopped;
    private volatile boolean away;

    Reach(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /// @throws Problem (503) while the database is known to be away
    void check() {
        if (away) {
            throw DatabaseFailure.away();
        }
    }

    /// A connection broke, or could not be had.
    synchronized void doubt() {
        if (trial == null && !stopped) {
            trial = Thread.ofVirtual().name("database-trial").start(this::tryUntilBack);
        }
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        stopped = true;
        if (trial != null) {
            trial.interrupt();
        }
    }

    private void tryUntilBack() {
        try {
            while (!isBack()) {
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException shutdown) {
            Thread.currentThread().interrupt();
        } finally {
            settled();
        }
    }

    /// Connections that broke together raise one doubt each: they are dropped from the pool as they are met.
    private boolean isBack() {
        try (Connection connection = dataSource.getConnection()) {
            if (connection.isValid(VALIDATION_SECONDS)) {
                told(false, "it answers");
                return true;
            }
        } catch (SQLException failure) {
            told(true, String.valueOf(failure.getMessage()));
            return false;
        }
        return false;
    }

    private void told(boolean isAway, String why) {
        if (away != isAway) {
            LOG.warnf("The database is %s: %s", isAway ? "away" : "back", why);
            away = isAway;
        }
    }

    private synchronized void settled() {
        trial = null;
    }
}

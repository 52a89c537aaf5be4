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

    /// More than a pool holds.
    private static final int MOST_BROKEN = 256;

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

    /// A connection broke, or could not be had. Another one that breaks while the first is looked into is answer enough
    /// for now: a pool lets everybody wait who asks it in vain.
    ///
    /// @param broken whether a connection is known to have failed, rather than to be in use by others
    synchronized void doubt(boolean broken) {
        if (trial == null && !stopped) {
            trial = Thread.ofVirtual().name("database-trial").start(this::tryUntilBack);
        } else if (broken && trial != null) {
            gone("connections break");
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
            back();
        } catch (InterruptedException shutdown) {
            Thread.currentThread().interrupt();
        }
    }

    /// Broken connections that still lie in the pool say nothing: each drops out as it fails, until one is fresh.
    private boolean isBack() {
        for (int i = 0; i < MOST_BROKEN; i++) {
            try (Connection connection = dataSource.getConnection()) {
                if (answers(connection)) {
                    return true;
                }
            } catch (SQLException | RuntimeException failure) {
                gone(String.valueOf(failure.getMessage()));
                return false;
            }
        }
        return false;
    }

    private synchronized void gone(String why) {
        if (!away) {
            away = true;
            LOG.warnf("The database is away: %s", why);
        }
    }

    private synchronized void back() {
        trial = null;
        if (away) {
            away = false;
            LOG.warn("The database is back");
        }
    }

    private static boolean answers(Connection connection) {
        try {
            return Sql.first(connection, "SELECT 1", _ -> true).isPresent();
        } catch (SQLException broken) {
            return false;
        }
    }
}

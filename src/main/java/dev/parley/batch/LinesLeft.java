package dev.parley.batch;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What is left of a batch. Two look-ups in small indexes, however long the batch is.
///
/// @param running whether lines are under way
/// @param next until the next line may be claimed, or the batch expires; null when none waits
record LinesLeft(boolean running, @Nullable Duration next) {

    static final String LOOK = """
            WITH state AS (
                SELECT EXISTS (SELECT FROM batch_lines l WHERE l.tenant_id = b.tenant_id AND l.batch_id = b.id
                                                           AND l.status = 'running') AS running,
                       (SELECT l.run_at FROM batch_lines l WHERE l.tenant_id = b.tenant_id AND l.batch_id = b.id
                           AND l.status = 'waiting' ORDER BY l.run_at, l.line LIMIT 1) AS next,
                       b.paused_until, b.expires_at
                  FROM batches b WHERE b.tenant_id = ? AND b.id = ?)
            SELECT running, next IS NOT NULL AS waits,
                   extract(epoch FROM least(expires_at, greatest(next, paused_until)) - now()) * 1000 AS millis
              FROM state""";

    static LinesLeft of(ResultSet row) throws SQLException {
        return new LinesLeft(
                row.getBoolean("running"),
                row.getBoolean("waits") ? Duration.ofMillis(Math.max(0, row.getLong("millis"))) : null);
    }
}

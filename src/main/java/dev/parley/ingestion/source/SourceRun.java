package dev.parley.ingestion.source;

import dev.parley.postgres.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A source's last run, or the one that is under way.
///
/// @param number counts a source's runs; 0 before the first
/// @param status null before the first
/// @param left what of the listing is left, as its reader wrote it; null for all of it
/// @param failures how often in a row the next page of the listing could not be read
/// @param whole whether nothing of the listing was left out so far
/// @param keepsUnlisted whether what the listing does not name is looked at all the same: it never shows all
/// @param full whether documents were left out because there are more than there may be
/// @param error why its job became a dead letter, or it is not whole; or what is to be known of it all the same
record SourceRun(
        long number,
        @Nullable Status status,
        Phase phase,
        @Nullable String left,
        int failures,
        boolean whole,
        boolean keepsUnlisted,
        boolean full,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String error,
        Counts counts) {

    /// Stored in lower case.
    enum Status {
        RUNNING,
        COMPLETED,

        /// Of the listing nothing could be read, or not all: what it did not show stays.
        FAILED,

        /// Its source was paused.
        CANCELLED;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Stored in lower case.
    enum Phase {
        LIST,
        CHECK,
        REMOVE
    }

    /// Documents by what became of them.
    record Counts(int added, int changed, int unchanged, int removed, int failed) {}

    static SourceRun of(ResultSet row) throws SQLException {
        String status = row.getString("run_status");
        String death = row.getString("run_death");
        return new SourceRun(
                row.getLong("run"),
                status == null ? null : Status.valueOf(status.toUpperCase(Locale.ROOT)),
                Phase.valueOf(row.getString("run_phase").toUpperCase(Locale.ROOT)),
                row.getString("run_left"),
                row.getInt("run_failures"),
                row.getBoolean("run_whole"),
                row.getBoolean("run_keeps_unlisted"),
                row.getBoolean("run_full"),
                Sql.instant(row, "run_started_at"),
                Sql.instant(row, "run_ended_at"),
                death == null ? row.getString("run_error") : death,
                new Counts(
                        row.getInt("added"),
                        row.getInt("changed"),
                        row.getInt("unchanged"),
                        row.getInt("removed"),
                        row.getInt("failed")));
    }

    boolean isRunning() {
        return status == Status.RUNNING;
    }
}

package dev.parley.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;

/// A job that failed for good, as the API shows it. Times are Unix seconds.
///
/// @param stage where it failed
/// @param reason why, in words for a person
@RegisterForReflection
record DeadLetter(
        String object,
        String id,
        String kind,
        String subject,
        String stage,
        String reason,
        int attempts,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("failed_at") long failedAt) {

    static DeadLetter of(ResultSet row) throws SQLException {
        return new DeadLetter(
                "dead_letter",
                Ids.format(Job.PREFIX, Sql.uuid(row, "id")),
                row.getString("kind"),
                row.getString("subject"),
                row.getString("stage"),
                row.getString("reason"),
                row.getInt("attempts"),
                seconds(row, "created_at"),
                seconds(row, "updated_at"));
    }

    private static long seconds(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(Sql.instant(row, column)).getEpochSecond();
    }
}

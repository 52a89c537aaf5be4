package dev.parley.usage;

import dev.parley.postgres.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;

/// How fast may be asked.
///
/// @param ceilings requests and tokens a minute
record RateLimit(RateLimitId id, Target target, Ceilings ceilings, Instant createdAt) {

    static final Ceilings.Fields FIELDS = new Ceilings.Fields("requests_per_minute", "tokens_per_minute", 1);

    static RateLimit of(ResultSet row) throws SQLException {
        return new RateLimit(
                new RateLimitId(Sql.uuid(row, "id")),
                Target.of(row),
                new Ceilings(row.getObject(FIELDS.first(), Long.class), row.getObject(FIELDS.second(), Long.class)),
                Objects.requireNonNull(Sql.instant(row, "created_at")));
    }
}

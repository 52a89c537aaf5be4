package dev.parley.usage;

import dev.parley.postgres.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What may be spent in a period.
///
/// @param ceilings micro-dollars and tokens
/// @param current how much of it is gone; null when it counts several subjects and none was named
record Budget(
        BudgetId id,
        Target target,
        Period period,
        Ceilings ceilings,
        Instant createdAt,
        @Nullable Counted current) {

    static final Ceilings.Fields FIELDS = new Ceilings.Fields("limit_micros", "limit_tokens", 0);

    /// The counters of one subject in the current period.
    record Counted(long spentMicros, long reservedMicros, long spentTokens, long reservedTokens) {}

    static Budget of(ResultSet row) throws SQLException {
        return new Budget(
                new BudgetId(Sql.uuid(row, "id")),
                Target.of(row),
                Period.of(row.getString("period")),
                new Ceilings(row.getObject("limit_micros", Long.class), row.getObject("limit_tokens", Long.class)),
                Objects.requireNonNull(Sql.instant(row, "created_at")),
                row.getBoolean("is_counted") ? counted(row) : null);
    }

    /// Without a row of counters nothing was admitted yet.
    private static Counted counted(ResultSet row) throws SQLException {
        return new Counted(
                row.getLong("spent_micros"),
                row.getLong("reserved_micros"),
                row.getLong("spent_tokens"),
                row.getLong("reserved_tokens"));
    }
}

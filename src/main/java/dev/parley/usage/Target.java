package dev.parley.usage;

import dev.parley.identity.KnownKeys;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Whom a limit is for.
///
/// @param subject which one of the scope, as the database's `limit_subject` writes it; null for each one by itself
record Target(LimitScope scope, @Nullable String subject) {

    static Target of(ResultSet row) throws SQLException {
        return new Target(LimitScope.of(row.getString("scope")), row.getString("subject"));
    }

    /// As clients write the subject.
    @Nullable
    String shownSubject() {
        return subject != null && scope == LimitScope.KEY ? KnownKeys.format(UUID.fromString(subject)) : subject;
    }
}

package dev.parley.testing;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The plan Postgres makes for a statement as the application runs it: as its role, for a tenant, under row-level
/// security.
///
/// Ways that small test tables would favour are closed, so a plan shows which index can serve the statement; one that
/// a condition not being leakproof keeps out of reach shows as another.
public final class Explain {

    private static final String SETTINGS =
            "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)";

    private Explain() {}

    public static String plan(Transactions transactions, TenantId tenant, String sql, @Nullable Object... args) {
        return transactions.inTenant(tenant, connection -> {
            Sql.first(connection, SETTINGS, _ -> true);
            return plan(connection, sql, args);
        });
    }

    /// With sorting closed as well: for statements whose index gives the order.
    public static String orderedPlan(Transactions transactions, TenantId tenant, String sql, @Nullable Object... args) {
        return transactions.inTenant(tenant, connection -> {
            Sql.first(connection, SETTINGS + ", set_config('enable_sort', 'off', true)", _ -> true);
            return plan(connection, sql, args);
        });
    }

    /// Of a statement in a SECURITY DEFINER function, as the role that owns those; sorting is closed.
    ///
    /// @param owner connects as the role that migrates
    public static String systemPlan(DataSource owner, String sql) throws SQLException {
        try (var connection = owner.getConnection()) {
            connection.setAutoCommit(false);
            Sql.update(connection, "SET LOCAL ROLE parley_system");
            Sql.first(connection, SETTINGS + ", set_config('enable_sort', 'off', true)", _ -> true);
            String plan = plan(connection, sql);
            connection.rollback();
            return plan;
        }
    }

    /// What stands in a function between the two, as it was migrated.
    public static String statement(DataSource owner, String function, String from, String to) throws SQLException {
        try (var connection = owner.getConnection()) {
            String source = Sql.first(
                            connection,
                            "SELECT prosrc FROM pg_proc WHERE proname = ?",
                            row -> row.getString(1),
                            function)
                    .orElseThrow();
            int start = source.indexOf(from) + from.length();
            return source.substring(start, source.indexOf(to, start));
        }
    }

    private static String plan(Connection connection, String sql, @Nullable Object... args) throws SQLException {
        return String.join(
                "\n", Sql.list(connection, "EXPLAIN (VERBOSE, COSTS OFF) " + sql, row -> row.getString(1), args));
    }
}

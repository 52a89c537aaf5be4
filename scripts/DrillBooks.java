import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What the database says of a tenant's turns and money.
final class DrillBooks {

    private final String tenant;

    /// @param tenant its id in the database
    DrillBooks(String tenant) {
        this.tenant = tenant;
    }

    long openTurns() throws SQLException {
        return number("SELECT count(*) FROM turns WHERE status IN ('queued', 'in_progress')");
    }

    long turns() throws SQLException {
        return number("SELECT count(*) FROM turns");
    }

    /// Turns that nobody knows the price of, because their process died.
    long estimated() throws SQLException {
        return number("SELECT count(*) FROM ledger WHERE estimated");
    }

    /// Every way in which the books do not add up, in words.
    List<String> faults() throws SQLException {
        var faults = new ArrayList<String>();
        expectZero(faults, "turns are stuck", "SELECT count(*) FROM turns WHERE status IN ('queued', 'in_progress')");
        expectZero(faults, "micro-dollars are still reserved", "SELECT sum(reserved_micros) FROM budget_periods");
        expectZero(faults, "tokens are still reserved", "SELECT sum(reserved_tokens) FROM budget_periods");
        expectZero(faults, "turns were billed twice", """
                SELECT count(*) FROM (SELECT turn_id FROM ledger WHERE line > 0 GROUP BY 1 HAVING count(*) > 1) t""");
        expectZero(faults, "answered turns were not billed", """
                SELECT count(*) FROM turns t WHERE status = 'completed'
                   AND NOT EXISTS (SELECT FROM ledger l WHERE l.turn_id = t.id)""");
        expectZero(faults, "micro-dollars lie between ledger and turns",
                "SELECT (SELECT sum(cost_micros) FROM ledger) - (SELECT sum(micros) FROM turns)");
        expectZero(faults, "micro-dollars lie between ledger and budget",
                "SELECT (SELECT sum(cost_micros) FROM ledger) - (SELECT sum(spent_micros) FROM budget_periods)");
        return faults;
    }

    private void expectZero(List<String> faults, String what, String sql) throws SQLException {
        long found = number(sql);
        if (found != 0) faults.add(found + " " + what);
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        System.getenv("QUARKUS_DATASOURCE_JDBC_URL"),
                        System.getenv("QUARKUS_DATASOURCE_USERNAME"),
                        System.getenv("QUARKUS_DATASOURCE_PASSWORD"));
                var statement = connection.createStatement()) {
            statement.execute("SET ROLE parley_app");
            statement.execute("SET parley.tenant = '" + tenant + "'");
            try (var rows = statement.executeQuery(sql)) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }
}

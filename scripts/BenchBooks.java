import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;

/// What the database says of all turns of a bench, and how fast it commits.
final class BenchBooks {

    private static final int COMMITS = 200;

    /// Of one tenant. Each turn is reserved in both of its budgets.
    private static final String COUNT = """
            SELECT (SELECT count(*) FROM turns WHERE status = 'completed'),
                   (SELECT count(*) FROM turns WHERE status <> 'completed'),
                   (SELECT count(*) FROM ledger),
                   (SELECT count(DISTINCT turn_id) FROM ledger),
                   (SELECT coalesce(sum(reserved_micros + reserved_tokens), 0) FROM budget_periods),
                   2 * (SELECT coalesce(sum(cost_micros), 0) FROM ledger)
                     - (SELECT coalesce(sum(spent_micros), 0) FROM budget_periods),
                   (SELECT coalesce(sum(input_tokens), 0) FROM ledger)""";

    private BenchBooks() {}

    /// @param asked input tokens of all turns, which are the messages that the provider was sent
    record Balance(long completed, long others, long lines, long billed, long reserved, long difference, long asked) {

        Balance plus(Balance more) {
            return new Balance(
                    completed + more.completed,
                    others + more.others,
                    lines + more.lines,
                    billed + more.billed,
                    reserved + more.reserved,
                    difference + more.difference,
                    asked + more.asked);
        }

        /// Every way in which the books do not add up, in words.
        List<String> faults(Load.Answered answered) {
            var faults = new ArrayList<String>();
            expect(faults, "turns completed", answered.turns(), completed);
            expect(faults, "turns did not complete", 0, others);
            expect(faults, "ledger lines", answered.turns(), lines);
            expect(faults, "turns were billed", answered.turns(), billed);
            expect(faults, "micro-dollars and tokens are still reserved", 0, reserved);
            expect(faults, "micro-dollars lie between ledger and budgets", 0, difference);
            expect(faults, "messages were sent to the provider", answered.messages(), asked);
            return faults;
        }

        private static void expect(List<String> faults, String what, long expected, long found) {
            if (expected != found) faults.add("%d %s, not %d".formatted(found, what, expected));
        }
    }

    static Balance balance(List<UUID> tenants) throws SQLException {
        var sum = new Balance(0, 0, 0, 0, 0, 0, 0);
        try (var connection = connect("");
                var statement = connection.createStatement()) {
            for (var tenant : tenants) {
                actAs(connection, tenant);
                try (var row = statement.executeQuery(COUNT)) {
                    row.next();
                    sum = sum.plus(new Balance(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4),
                            row.getLong(5), row.getLong(6), row.getLong(7)));
                }
            }
        }
        return sum;
    }

    /// When each process that serves a connection to this database began, by its id where it runs.
    static Map<Long, Instant> connections() throws SQLException {
        var began = new HashMap<Long, Instant>();
        try (var connection = connect("");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT pid, backend_start FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_start IS NOT NULL")) {
            while (rows.next()) began.put(rows.getLong(1), rows.getTimestamp(2).toInstant());
        }
        return began;
    }

    static void addConversations(UUID tenant, UUID[] ids) throws SQLException {
        try (var connection = connect("")) {
            actAs(connection, tenant);
            try (var insert = connection.prepareStatement(
                    "INSERT INTO conversations (tenant_id, id) SELECT ?, * FROM unnest(?::uuid[])")) {
                insert.setObject(1, tenant);
                insert.setArray(2, connection.createArrayOf("uuid", ids));
                insert.executeUpdate();
            }
        }
    }

    /// How long one commit takes at the median, its round trip included, in milliseconds.
    ///
    /// @param options of the connection, as libpq's
    static double commitMillis(String options) throws SQLException {
        try (var connection = connect(options);
                var write = connection.prepareStatement("SELECT pg_logical_emit_message(true, 'bench', '')")) {
            long[] nanos = new long[COMMITS];
            for (int i = 0; i < COMMITS; i++) {
                long start = System.nanoTime();
                write.executeQuery().close();
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            return nanos[COMMITS / 2] / 1e6;
        }
    }

    private static void actAs(Connection connection, UUID tenant) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET ROLE parley_app; SET parley.tenant = '" + tenant + "'");
        }
    }

    private static Connection connect(String options) throws SQLException {
        var login = new Properties();
        login.setProperty("user", System.getenv("QUARKUS_DATASOURCE_USERNAME"));
        login.setProperty("password", System.getenv("QUARKUS_DATASOURCE_PASSWORD"));
        login.setProperty("options", options);
        return DriverManager.getConnection(System.getenv("QUARKUS_DATASOURCE_JDBC_URL"), login);
    }
}

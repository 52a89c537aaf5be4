package dev.parley.testing;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/// Holds processes where they need a table.
public final class TableLock implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WAITING =
            " FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";

    private final Connection connection;

    private TableLock(Connection connection) {
        this.connection = connection;
    }

    /// @param lock what to lock and how, as SQL's `LOCK TABLE` has it; null to hold nobody
    public static TableLock hold(@Nullable String lock) throws SQLException {
        Connection connection = owner();
        connection.setAutoCommit(false);
        if (lock != null) {
            try (var statement = connection.createStatement()) {
                statement.execute("LOCK TABLE " + lock);
            }
        }
        return new TableLock(connection);
    }

    /// @param statement a part of it
    public static void awaitWaiting(String statement) {
        await().atMost(PATIENCE).until(() -> {
            // Only the owner may see what others run.
            try (Connection other = owner();
                    var rows = other.createStatement()
                            .executeQuery("SELECT" + WAITING + " AND query LIKE '%" + statement + "%'")) {
                return rows.next();
            }
        });
    }

    /// Ends what waits. The statement of a killed process outlives it: it would get the lock and succeed.
    public static void endWaiting() throws SQLException {
        try (Connection other = owner()) {
            other.createStatement().executeQuery("SELECT pg_terminate_backend(pid)" + WAITING);
        }
    }

    private static Connection owner() throws SQLException {
        Config config = ConfigProvider.getConfig();
        return DriverManager.getConnection(
                config.getValue("quarkus.datasource.jdbc.url", String.class),
                config.getValue("quarkus.datasource.username", String.class),
                config.getValue("quarkus.datasource.password", String.class));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

package dev.parley.postgres;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/// Connections of logins other than the application's own, to read with.
///
/// Each is made for one use and closed after it: whatever a statement does to its session (settings, locks, prepared
/// statements, temporary objects) ends there, and reaches nobody else.
@ApplicationScoped
public class Logins {

    private static final Duration CONNECT = Duration.ofSeconds(2);

    /// Above the statement's own limit, for a server that is gone.
    private static final Duration GRACE = Duration.ofSeconds(3);

    /// @param maxBytes of a result: what is longer fails before it is held in memory
    public record Login(String url, String username, String password, Duration timeout, long maxBytes) {

        @Override
        public String toString() {
            return username;
        }
    }

    /// Runs the work in one read-only transaction and rolls it back, at the latest by closing the connection. Every
    /// statement has the login's time.
    ///
    /// @throws SQLException as the driver says it
    public <T> T read(Login login, Transactions.Work<T> work) throws SQLException {
        Connection opened = new Driver().connect(login.url(), properties(login));
        if (opened == null) {
            throw new SQLException("No URL of a Postgres database", "08001");
        }
        try (Connection connection = opened) {
            connection.setAutoCommit(false);
            T result = work.run(connection);
            connection.rollback();
            return result;
        }
    }

    private static Properties properties(Login login) {
        var properties = new Properties();
        PGProperty.USER.set(properties, login.username());
        PGProperty.PASSWORD.set(properties, login.password());
        PGProperty.APPLICATION_NAME.set(properties, "parley-tools");
        PGProperty.CONNECT_TIMEOUT.set(properties, seconds(CONNECT));
        PGProperty.LOGIN_TIMEOUT.set(properties, seconds(CONNECT.plus(CONNECT)));
        PGProperty.SOCKET_TIMEOUT.set(properties, seconds(login.timeout().plus(GRACE)));
        PGProperty.MAX_RESULT_BUFFER.set(properties, Long.toString(login.maxBytes()));
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
        PGProperty.OPTIONS.set(properties, options(login.timeout()));
        return properties;
    }

    /// Nothing can be named without its schema but what the server brings along.
    private static String options(Duration timeout) {
        return "-c default_transaction_read_only=on -c search_path= -c lock_timeout=1000 -c work_mem=2MB -c hash_mem_multiplier=1 -c jit=off"
                + " -c max_parallel_workers_per_gather=0 -c statement_timeout=" + timeout.toMillis()
                + " -c idle_in_transaction_session_timeout=" + timeout.toMillis();
    }

    private static int seconds(Duration duration) {
        return (int) duration.toSeconds() + 1;
    }
}

package dev.parley.tool;

import dev.parley.postgres.Logins;
import dev.parley.postgres.Logins.Login;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// The databases that tools may read, each through a login that is looked at every time: one that could do more than
/// read its views is not used.
@ApplicationScoped
class SqlDatabases {

    private static final Logger LOG = Logger.getLogger(SqlDatabases.class);
    private static final String TENANT = "{tenant}";

    /// All that a reader must not be able to do, as far as it can. Whatever is granted to everybody counts.
    private static final String OBJECTIONS = """
            WITH me AS (SELECT * FROM pg_catalog.pg_roles WHERE rolname = session_user)
            SELECT 'it is a superuser, or may make roles or databases, replicate or bypass row-level security'
              FROM me WHERE rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
            UNION ALL
            SELECT 'it is a member of ' || g.roleid::pg_catalog.regrole
              FROM me JOIN pg_catalog.pg_auth_members g ON g.member = me.oid
            UNION ALL
            SELECT 'it owns ' || c.oid::pg_catalog.regclass FROM me JOIN pg_catalog.pg_class c ON c.relowner = me.oid
            UNION ALL
            SELECT 'it may create in ' || n.nspname FROM me, pg_catalog.pg_namespace n
             WHERE n.nspname !~ '^pg_(toast_)?temp_' AND has_schema_privilege(me.oid, n.oid, 'CREATE')
            UNION ALL
            SELECT 'it reaches ' || c.oid::pg_catalog.regclass
              FROM me, pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
               AND n.nspname !~ '^pg_toast'
               AND (has_table_privilege(me.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
                    OR has_any_column_privilege(me.oid, c.oid, 'INSERT, UPDATE, REFERENCES')
                    OR has_any_column_privilege(me.oid, c.oid, 'SELECT')
                       AND NOT (n.nspname = ? AND c.relkind IN ('v', 'm')))
            UNION ALL
            SELECT 'it may call ' || p.oid::pg_catalog.regprocedure
              FROM me, pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
             WHERE p.prosecdef AND n.nspname <> 'pg_catalog' AND has_function_privilege(me.oid, p.oid, 'EXECUTE')
            LIMIT 5""";

    private final SqlConfig config;
    private final Logins logins;
    private final String ownUrl;
    private final Semaphore places;

    SqlDatabases(
            SqlConfig config,
            Logins logins,
            @ConfigProperty(name = "quarkus.datasource.jdbc.url") Optional<String> ownUrl) {
        this.config = config;
        this.logins = logins;
        this.ownUrl = ownUrl.orElse("");
        this.places = new Semaphore(config.concurrency(), true);
    }

    /// A database as one tenant sees it.
    ///
    /// @param ofOneTenant whether nobody else has the login
    record Reader(SqlConfig.Database database, String username, boolean ofOneTenant) {

        String schema() {
            return database.schema();
        }
    }

    /// Empty when there is none of the name for the tenant; the two are not told apart.
    Optional<Reader> find(String name, TenantId tenant) {
        return Optional.ofNullable(config.databases().get(name))
                .filter(database ->
                        database.tenants().contains("*") || database.tenants().contains(tenant.toString()))
                .map(database -> new Reader(
                        database,
                        database.username()
                                .replace(TENANT, tenant.value().toString().replace("-", "")),
                        database.username().contains(TENANT)));
    }

    int maxRows() {
        return config.maxRows();
    }

    /// @param timeout of the statement, as far as the configuration allows
    /// @throws SQLException as the driver says it
    /// @throws UnfitLogin if the login could do more than read
    <T> T read(Reader reader, Duration timeout, Transactions.Work<T> work) throws SQLException {
        Duration time = timeout.compareTo(config.maxTime()) < 0 ? timeout : config.maxTime();
        enter(time);
        try {
            var login = new Login(
                    reader.database.url().orElse(ownUrl),
                    reader.username,
                    reader.database.password(),
                    time,
                    config.maxBytes().asLongValue());
            return logins.read(login, connection -> {
                check(connection, reader);
                return work.run(connection);
            });
        } finally {
            places.release();
        }
    }

    private void enter(Duration time) throws SQLException {
        try {
            if (!places.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SQLException("All places are taken", "53300");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted", "57014", interrupted);
        }
    }

    private static void check(Connection connection, Reader reader) throws SQLException {
        List<String> objections = Sql.list(connection, OBJECTIONS, row -> row.getString(1), reader.schema());
        if (!objections.isEmpty()) {
            LOG.errorf("The login %s is not used for tools: %s", reader.username, String.join("; ", objections));
            throw new UnfitLogin();
        }
    }

    /// A login that could do more than it should. What, is in the log.
    static final class UnfitLogin extends RuntimeException {}
}

package dev.parley.postgres;

import io.smallrye.config.ConfigMapping;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jboss.logging.Logger;

/// Makes the login that the application uses, where the migration is told of one: it may become `parley_app` and is
/// nothing else. A new password becomes the login's with the next migration.
@ApplicationScoped
class AppLogin implements SchemaStep {

    private static final Logger LOG = Logger.getLogger(AppLogin.class);

    private static final String EXISTS = "SELECT 1 FROM pg_roles WHERE rolname = ?";

    /// Quoted by the database: neither can be a parameter of the statement itself.
    private static final String CREATE = "SELECT format('CREATE ROLE %I LOGIN NOINHERIT PASSWORD %L', ?, ?)";
    private static final String ALTER = "SELECT format('ALTER ROLE %I LOGIN NOINHERIT PASSWORD %L', ?, ?)";
    private static final String GRANT = "SELECT format('GRANT parley_app TO %I', ?)";

    private final Instance<Flyway> flyway;
    private final Optional<Config.Login> login;

    AppLogin(Instance<Flyway> flyway, Config config) {
        this.flyway = flyway;
        this.login = config.appLogin();
    }

    @ConfigMapping(prefix = "parley.postgres")
    interface Config {

        /// The login that the migration makes for the application, unless somebody else does.
        Optional<Login> appLogin();

        interface Login {

            String username();

            String password();
        }
    }

    @Override
    public void afterMigration() {
        login.ifPresent(this::ensure);
    }

    private void ensure(Config.Login wanted) {
        try (var connection = flyway.get().getConfiguration().getDataSource().getConnection()) {
            boolean exists =
                    Sql.first(connection, EXISTS, _ -> true, wanted.username()).orElse(false);
            for (String statement : List.of(
                    Sql.first(
                                    connection,
                                    exists ? ALTER : CREATE,
                                    row -> row.getString(1),
                                    wanted.username(),
                                    wanted.password())
                            .orElseThrow(),
                    Sql.first(connection, GRANT, row -> row.getString(1), wanted.username())
                            .orElseThrow())) {
                Sql.update(connection, statement);
            }
            LOG.infof("The login %s is as configured", wanted.username());
        } catch (SQLException failure) {
            // Its text may quote the statement, and that holds the password.
            throw new IllegalStateException(
                    "The login %s could not be made (%s)".formatted(wanted.username(), failure.getSQLState()));
        }
    }
}

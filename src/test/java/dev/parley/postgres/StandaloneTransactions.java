package dev.parley.postgres;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;

/// The way to a connection in a process without a container: for what the database decides in one statement.
public final class StandaloneTransactions {

    private StandaloneTransactions() {}

    /// Whose the connections are.
    public record Login(String url, String user, String password) {}

    public static Transactions open(Login login, int connections) throws SQLException {
        var pool = new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(settings -> settings.maxSize(connections)
                        .acquisitionTimeout(Duration.ofSeconds(30))
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(login.url)
                                .principal(new NamePrincipal(login.user))
                                .credential(new SimplePassword(login.password))
                                .initialSql("SET ROLE parley_app")));
        AgroalDataSource source = AgroalDataSource.from(pool);
        return new Transactions(source, outsideOfTransactions(), new Reach(source));
    }

    private static TransactionSynchronizationRegistry outsideOfTransactions() {
        return (TransactionSynchronizationRegistry) Proxy.newProxyInstance(
                StandaloneTransactions.class.getClassLoader(),
                new Class<?>[] {TransactionSynchronizationRegistry.class},
                (_, _, _) -> null);
    }
}

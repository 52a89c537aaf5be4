package dev.parley.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.testing.FreePort;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@QuarkusTest
class TransactionsIT {

    private static final int MORE_THAN_THE_POOL_HOLDS = 30;

    @Inject
    Transactions transactions;

    @Inject
    AgroalDataSource dataSource;

    @Inject
    TransactionSynchronizationRegistry registry;

    private final TenantId tenant = new TenantId(Ids.next());

    @Test
    void nestedWorkOfTheSameTenantJoinsTheTransaction() {
        assertThatThrownBy(() -> transactions.runInTenant(tenant, _ -> {
                    insertTenant();
                    transactions.runInTenant(
                            tenant, connection -> assertThat(count(connection)).isEqualTo(1));
                    throw new IllegalStateException("rolls both back");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(transactions.<Long>inTenant(tenant, TransactionsIT::count)).isZero();
    }

    @Test
    void workOfAnotherTenantInsideATransactionIsRefused() {
        var other = new TenantId(Ids.next());
        assertThatThrownBy(() -> transactions.runInTenant(tenant, _ -> transactions.runInTenant(other, _ -> {})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another");
        assertThatThrownBy(() -> transactions.runInTenant(tenant, _ -> transactions.withoutTenant(_ -> 1)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCommittedTransactionStays() {
        insertTenant();
        assertThat(transactions.<Long>inTenant(tenant, TransactionsIT::count)).isEqualTo(1);
    }

    @Test
    void aCheckedFailureRollsBackToo() {
        assertThatThrownBy(() -> transactions.runInTenant(tenant, _ -> {
                    insertTenant();
                    throw new SQLException("planted", "22000");
                }))
                .isInstanceOf(DatabaseFailure.class);
        assertThat(transactions.<Long>inTenant(tenant, TransactionsIT::count)).isZero();
    }

    @Test
    void aTakenKeyIsTold() {
        insertTenant();
        assertThatThrownBy(this::insertTenant)
                .asInstanceOf(InstanceOfAssertFactories.type(DatabaseFailure.class))
                .matches(DatabaseFailure::isDuplicate);
    }

    @Test
    void aDatabaseThatIsGoneIsAPassingProblem() throws Exception {
        try (AgroalDataSource gone = AgroalDataSource.from(unreachable())) {
            var transactions = new Transactions(gone, registry, new Reach(gone));

            assertThatThrownBy(() -> transactions.runInTenant(tenant, _ -> {}))
                    .asInstanceOf(InstanceOfAssertFactories.type(Problem.class))
                    .matches(problem -> problem.kind() == ProblemKind.UNAVAILABLE)
                    .matches(problem ->
                            problem.retryAfter().filter(Duration::isPositive).isPresent());
            assertThatThrownBy(() -> transactions.withoutTenant(_ -> 1)).isInstanceOf(Problem.class);
        }
    }

    @Test
    void aConnectionThatDiesInUseIsAPassingProblemAndThePoolRecovers() {
        assertThatThrownBy(() -> transactions.runInTenant(tenant, connection -> {
                    Sql.update(connection, "RESET ROLE"); // the application itself may not end sessions
                    Sql.first(connection, "SELECT pg_terminate_backend(pg_backend_pid())", row -> row.getBoolean(1));
                }))
                .isInstanceOf(Problem.class);
        insertTenant();
    }

    @Test
    void aCommitThatFindsTheDatabaseGoneIsAPassingProblem() {
        assertThatThrownBy(() -> transactions.runInTenant(tenant, connection -> {
                    Sql.update(connection, "INSERT INTO tenants (tenant_id, name) VALUES (?, 'commit test')", tenant);
                    endSession(Sql.first(connection, "SELECT pg_backend_pid()", row -> row.getInt(1))
                            .orElseThrow());
                }))
                .asInstanceOf(InstanceOfAssertFactories.type(Problem.class))
                .matches(problem -> problem.kind() == ProblemKind.UNAVAILABLE)
                .matches(problem -> problem.retryAfter().isPresent());
        assertThat(transactions.<Long>inTenant(tenant, TransactionsIT::count)).isZero();
    }

    @Test
    void aFailureNamesTheRuleAndNoData() {
        String insert = "INSERT INTO tenants (tenant_id, name, status) VALUES (?, 'canary', 'canary')";
        assertThatThrownBy(() -> transactions.runInTenant(tenant, connection -> Sql.update(connection, insert, tenant)))
                .hasMessageContaining("tenants_status_check")
                .hasMessageNotContaining("canary");

        List<Object[]> rows = List.of(new Object[] {tenant, "canary", "canary"}, new Object[] {tenant, "b", "active"});
        String batch = "INSERT INTO tenants (tenant_id, name, status) VALUES (?, ?, ?)";
        assertThatThrownBy(() -> transactions.runInTenant(tenant, connection -> Sql.batch(connection, batch, rows)))
                .hasMessageContaining("tenants_status_check")
                .hasMessageNotContaining("canary");
    }

    @Test
    void noOutcomeKeepsAConnection() {
        for (int i = 0; i < MORE_THAN_THE_POOL_HOLDS; i++) {
            transactions.runInTenant(tenant, _ -> {});
            transactions.withoutTenant(_ -> 1);
            assertThatThrownBy(() -> transactions.runInTenant(tenant, connection -> Sql.update(connection, "nonsense")))
                    .isInstanceOf(DatabaseFailure.class);
            assertThatThrownBy(() -> transactions.withoutTenant(connection -> Sql.update(connection, "nonsense")))
                    .isInstanceOf(DatabaseFailure.class);
        }
        assertThat(dataSource.getConfiguration().connectionPoolConfiguration().maxSize())
                .isLessThan(MORE_THAN_THE_POOL_HOLDS);
    }

    /// As its owner, from a connection of its own.
    private static void endSession(int pid) throws SQLException {
        Config config = ConfigProvider.getConfig();
        try (Connection owner = DriverManager.getConnection(
                config.getValue("quarkus.datasource.jdbc.url", String.class),
                config.getValue("quarkus.datasource.username", String.class),
                config.getValue("quarkus.datasource.password", String.class))) {
            Sql.first(owner, "SELECT pg_terminate_backend(?)", row -> row.getBoolean(1), pid);
        }
    }

    private void insertTenant() {
        transactions.runInTenant(
                tenant,
                connection ->
                        Sql.update(connection, "INSERT INTO tenants (tenant_id, name) VALUES (?, 'tx test')", tenant));
    }

    private static long count(Connection connection) throws SQLException {
        return Sql.first(connection, "SELECT count(*) FROM tenants", row -> row.getLong(1))
                .orElseThrow();
    }

    private static AgroalDataSourceConfigurationSupplier unreachable() {
        int port = FreePort.choose();
        return new AgroalDataSourceConfigurationSupplier().connectionPoolConfiguration(pool -> pool.maxSize(1)
                .acquisitionTimeout(Duration.ofSeconds(2))
                .connectionFactoryConfiguration(factory ->
                        factory.jdbcUrl("jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, UUID.randomUUID()))));
    }
}

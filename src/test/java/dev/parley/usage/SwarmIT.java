package dev.parley.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.StandaloneTransactions.Login;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two hundred turns of two processes, and a budget for fifty.
@QuarkusTest
class SwarmIT {

    private static final int TURNS = 200;
    private static final int COVERED = 50;

    /// Writes down every state of this tenant's counters that is ever committed: a watcher who misses nothing.
    private static final String WATCH = """
            CREATE TABLE watched_periods (budget_id uuid, micros bigint, tokens bigint);
            GRANT INSERT ON watched_periods TO parley_app;
            CREATE FUNCTION watch_period() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO watched_periods VALUES
                    (NEW.budget_id, NEW.spent_micros + NEW.reserved_micros, NEW.spent_tokens + NEW.reserved_tokens);
                RETURN NULL;
            END
            $$;
            CREATE TRIGGER watch AFTER INSERT OR UPDATE ON budget_periods FOR EACH ROW
                WHEN (NEW.tenant_id = '%s') EXECUTE FUNCTION watch_period()""";

    private static final String STOP_WATCHING = """
            DROP TRIGGER IF EXISTS watch ON budget_periods;
            DROP FUNCTION IF EXISTS watch_period();
            DROP TABLE IF EXISTS watched_periods""";

    @Inject
    Admissions admissions;

    @Inject
    Settlements settlements;

    @Inject
    TopUps topUps;

    @Inject
    Transactions transactions;

    @Inject
    Flyway flyway;

    private final TestTenant tenant = TestTenant.create();

    private Books books() {
        return new Books(transactions, tenant);
    }

    @BeforeEach
    void watch() throws SQLException {
        asOwner(STOP_WATCHING);
        asOwner(WATCH.formatted(tenant.id().value()));
    }

    @AfterEach
    void stopWatching() throws SQLException {
        asOwner(STOP_WATCHING);
    }

    private void asOwner(String statements) throws SQLException {
        try (var connection = flyway.getConfiguration().getDataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(statements);
        }
    }

    @Test
    void spendingNeverPassesALimitAndEveryAccountAgreesToTheMicroDollar() throws Exception {
        String key =
                tenant.request().body(Map.of("name", "one")).post("/v1/keys").path("id");
        long micros = COVERED * Swarm.BOUND.micros();
        long tokens = COVERED * Swarm.BOUND.tokens();
        books().budget("tenant", "day", Map.of("limit_micros", micros));
        books().budget("tenant", "month", Map.of("limit_tokens", tokens));
        books().budget("user", "day", Map.of("limit_micros", micros, "limit_tokens", tokens));
        books().budget("key", "month", Map.of("limit_micros", 2 * micros, "subject", key));
        books().budget("model", "day", Map.of("limit_micros", micros, "subject", Swarm.MODEL));

        List<Swarm.Outcome> outcomes = runInTwoProcesses(Ids.parse("key_", key).orElseThrow());

        var receipts = new ArrayList<Swarm.Receipt>();
        outcomes.forEach(outcome -> receipts.addAll(outcome.receipts()));
        assertThat(outcomes).allSatisfy(outcome -> {
            assertThat(outcome.receipts()).isNotEmpty();
            assertThat(outcome.refusals() + outcome.refusedTopUps()).isPositive();
        });
        assertThat(receipts)
                .hasSizeGreaterThan(COVERED)
                .extracting(Swarm.Receipt::turn)
                .doesNotHaveDuplicates();
        assertNeverPassed(micros, tokens);
        assertAllAgree(receipts);
    }

    private List<Swarm.Outcome> runInTwoProcesses(UUID key) throws Exception {
        var half = new Swarm.Whose(tenant.id(), key, "ann", TURNS / 2);
        try (var other = SwarmProcess.start(login(), half, TestTenant.create().id())) {
            var own = new Swarm(admissions, settlements, topUps, half);
            other.begin();
            return List.of(own.run(1), other.outcome());
        }
    }

    private static Login login() {
        var config = ConfigProvider.getConfig();
        return new Login(
                config.getValue("quarkus.datasource.jdbc.url", String.class),
                config.getValue("quarkus.datasource.username", String.class),
                config.getValue("quarkus.datasource.password", String.class));
    }

    private void assertNeverPassed(long micros, long tokens) throws SQLException {
        try (var connection = flyway.getConfiguration().getDataSource().getConnection()) {
            List<String> most = Sql.list(
                    connection,
                    "SELECT concat_ws(' ', count(*) > 20, max(micros) <= ?, max(tokens) <= ?, "
                            + "max(micros) > ? - 100003) FROM watched_periods GROUP BY budget_id",
                    row -> row.getString(1),
                    micros,
                    tokens,
                    micros);
            assertThat(most).hasSize(5).containsOnly("t t t t");
        }
    }

    private void assertAllAgree(List<Swarm.Receipt> receipts) {
        List<String> told = receipts.stream()
                .map(each -> each.turn() + " " + each.micros() + " " + each.tokens())
                .sorted()
                .toList();
        long micros = receipts.stream().mapToLong(Swarm.Receipt::micros).sum();
        long tokens = receipts.stream().mapToLong(Swarm.Receipt::tokens).sum();

        assertThat(books().texts(
                                "SELECT turn_id || ' ' || sum(cost_micros) || ' ' || sum(input_tokens + output_tokens) "
                                        + "FROM ledger WHERE tenant_id = ? GROUP BY turn_id ORDER BY turn_id"))
                .isEqualTo(told);
        assertThat(
                        books().texts(
                                        "SELECT id || ' ' || micros || ' ' || tokens FROM turns WHERE tenant_id = ? ORDER BY id"))
                .isEqualTo(told);
        assertThat(books().counters()).containsExactly(micros + " 0 " + tokens + " 0");
    }
}

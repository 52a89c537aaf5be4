package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.TestTenant;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/// Where processes are killed: a tenant with a budget, locks that hold a process at a step of its turn, and the books
/// afterwards.
record KillSite(Transactions transactions, TestTenant tenant) {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final String WAITING =
            " FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";

    static KillSite create(Transactions transactions) {
        var site = new KillSite(transactions, TestTenant.create());
        transactions.runInTenant(
                site.tenant.id(),
                connection -> Sql.update(
                        connection,
                        "INSERT INTO budgets (tenant_id, id, scope, period, limit_micros) VALUES (?, ?, 'tenant', 'day', ?)",
                        site.tenant.id(),
                        Ids.next(),
                        10_000_000));
        return site;
    }

    /// Owners are soon taken for dead, and a provider may hold its answer until they are.
    static Map<String, String> config() {
        var config = new HashMap<>(ParleyProcess.scripted());
        config.put("parley.usage.lease", "2s");
        config.put("parley.job.lease", "2s");
        config.put("parley.job.housekeeping.poll", "500ms");
        config.put("parley.models.providers.scripted.first-token-timeout", "60s");
        config.put("parley.models.providers.scripted.stall-timeout", "60s");
        config.put("parley.models.providers.scripted.timeout", "60s");
        return config;
    }

    CompletableFuture<HttpResponse<String>> ask(ParleyProcess process, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(process.url() + path))
                .header("Authorization", "Bearer " + tenant.key())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "once")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    /// Held until the connection is closed.
    static Connection locked(@Nullable String lock) throws SQLException {
        Connection connection = owner();
        connection.setAutoCommit(false);
        if (lock != null) {
            try (var statement = connection.createStatement()) {
                statement.execute(lock);
            }
        }
        return connection;
    }

    static void awaitWaiting(String statement) {
        String waiting = "SELECT" + WAITING + " AND query LIKE '%" + statement + "%'";
        await().atMost(PATIENCE).until(() -> {
            // Only the owner may see what others run.
            try (Connection connection = owner();
                    var rows = connection.createStatement().executeQuery(waiting)) {
                return rows.next();
            }
        });
    }

    /// Kills the process, and what it had the database do: else a statement would outlive it, wait for its lock and
    /// succeed.
    static void kill(ParleyProcess process) throws InterruptedException, SQLException {
        process.kill();
        try (Connection connection = owner()) {
            connection.createStatement().executeQuery("SELECT pg_terminate_backend(pid)" + WAITING);
        }
    }

    private static Connection owner() throws SQLException {
        var config = ConfigProvider.getConfig();
        return DriverManager.getConnection(
                config.getValue("quarkus.datasource.jdbc.url", String.class),
                config.getValue("quarkus.datasource.username", String.class),
                config.getValue("quarkus.datasource.password", String.class));
    }

    /// Nothing is open or reserved, and whoever adds up what was spent comes to the same.
    void assertBooksAddUp() {
        assertThat(count("SELECT count(*) FROM turns WHERE status IN ('queued', 'in_progress')"))
                .isZero();
        assertThat(count("SELECT sum(reserved_micros) FROM budget_periods")).isZero();
        long spent = count("SELECT sum(spent_micros) FROM budget_periods");
        assertThat(spent).isEqualTo(count("SELECT sum(cost_micros) FROM ledger"));
        assertThat(spent).isEqualTo(count("SELECT sum(micros) FROM turns"));
    }

    long count(String sql) {
        return transactions.<Long>inTenant(tenant.id(), connection -> Sql.first(connection, sql, row -> row.getLong(1))
                .orElseThrow());
    }
}

package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.TableLock;
import dev.parley.testing.TestTenant;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Where processes are killed: a tenant with a budget, and its books afterwards.
record KillSite(Transactions transactions, TestTenant tenant) {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

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

    /// Kills the process, and what it had the database do: else a statement would outlive it, wait for its lock and
    /// succeed.
    static void kill(ParleyProcess process) throws InterruptedException, SQLException {
        process.kill();
        TableLock.endWaiting();
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

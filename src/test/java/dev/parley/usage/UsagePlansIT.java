package dev.parley.usage;

import static dev.parley.testing.Explain.statement;
import static dev.parley.testing.Explain.systemPlan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Explain;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/// A tenant with a hundred thousand users, each with a bucket and a budget: admissions and settlements find theirs by
/// the whole key, as the application's role, by the planner's own choice.
@QuarkusTest
class UsagePlansIT {

    private static final String SOME_ID = "'{00000000-0000-7000-8000-000000000001}'::uuid[]";
    private static final String BUCKETS =
            "ARRAY[ROW('00000000-0000-7000-8000-000000000001', 'user', 'user 7', 1, 1, 1, 1, now())::bucket]";
    private static final String PURSES = "ARRAY[ROW('00000000-0000-7000-8000-000000000001', "
            + "'00000000-0000-7000-8000-000000000001', 'user', 'user 7', '2026-01-01', 1, 1, 1, 1)::purse]";
    private static final Map<String, String> VARIABLES = Map.ofEntries(
            Map.entry("made", "false"),
            Map.entry("moment", "now()"),
            Map.entry("freed", SOME_ID),
            Map.entry(
                    "endings",
                    "ARRAY[ROW(1, NULL, 'settled', 'completed', NULL, 1, 1, '[]', NULL, 'user 7', 'm', NULL, "
                            + "0, 0, " + SOME_ID + ", 1, 1, 1, 1, 1)::ending]"),
            Map.entry("wanted", BUCKETS),
            Map.entry("buckets", BUCKETS),
            Map.entry("due", PURSES),
            Map.entry("purses", PURSES));

    private final Transactions transactions;
    private final Flyway flyway;
    private final TestTenant tenant = TestTenant.create();
    private final Books books;
    private String budget = "";
    private String limit = "";

    UsagePlansIT(Transactions transactions, Flyway flyway) {
        this.transactions = transactions;
        this.flyway = flyway;
        this.books = new Books(transactions, tenant);
    }

    private void manyUsers() throws SQLException {
        budget = books.budget("user", "day", Map.of("limit_micros", 1_000));
        limit = books.rateLimit("user", Map.of("requests_per_minute", 10, "tokens_per_minute", 1_000));
        books.change("INSERT INTO rate_buckets SELECT l.tenant_id, l.id, 'user ' || i, 1, 1, now() "
                + "FROM rate_limits l, generate_series(1, 100000) i WHERE l.tenant_id = ?");
        books.change("INSERT INTO budget_periods (tenant_id, budget_id, subject, starts_on) "
                + "SELECT b.tenant_id, b.id, 'user ' || i, (now() AT TIME ZONE 'UTC')::date "
                + "FROM budgets b, generate_series(1, 100000) i WHERE b.tenant_id = ?");
        try (var connection = owner().getConnection()) {
            Sql.update(connection, "ANALYZE rate_buckets, rate_limits, budget_periods, budgets");
        }
    }

    /// Their counters go with them.
    private void nobody() {
        tenant.request().delete("/v1/budgets/" + budget).then().statusCode(200);
        tenant.request().delete("/v1/rate_limits/" + limit).then().statusCode(200);
    }

    @Test
    void admissionsAndSettlementsFindBucketsAndPeriodsByTheirWholeKeys() throws Exception {
        manyUsers();
        try {
            assertBucketsAndPeriodsAreFoundByTheirWholeKeys();
        } finally {
            nobody();
        }
    }

    private void assertBucketsAndPeriodsAreFoundByTheirWholeKeys() throws Exception {
        for (String sql : List.of(
                "SELECT w.id" + between("admit", "SELECT w.id", ") h"),
                "INSERT INTO rate_buckets" + between("admit", "INSERT INTO rate_buckets", "ON CONFLICT"),
                "UPDATE rate_buckets b SET" + between("admit", "UPDATE rate_buckets b SET", ";"),
                "WITH owed AS (SELECT l.id" + between("settle", "SELECT l.id", ";"))) {
            assertThat(plan(sql))
                    .as(sql)
                    .contains("using rate_buckets_pkey on public.rate_buckets b")
                    .containsPattern("Index Cond: .*b.tenant_id = .*b.rate_limit_id = .*b.subject = ")
                    .doesNotContain("Seq Scan on public.rate_buckets");
        }
        for (String sql : List.of(
                "SELECT p.id" + between("admit", "SELECT p.id", ") h"),
                "INSERT INTO budget_periods" + between("admit", "INSERT INTO budget_periods", "ON CONFLICT"))) {
            assertThat(plan(sql))
                    .as(sql)
                    .contains("using budget_periods_tenant_id_budget_id_subject_starts_on_key")
                    .containsPattern("Index Cond: .*p.budget_id = .*p.subject = .*p.starts_on = ")
                    .doesNotContain("Seq Scan on public.budget_periods");
        }
        for (String sql : List.of(
                "UPDATE budget_periods p SET" + between("admit", "UPDATE budget_periods p SET", ";"),
                "WITH owed AS (SELECT period" + between("settle", "SELECT period", ";"))) {
            assertThat(plan(sql))
                    .as(sql)
                    .containsPattern("Index Cond: .*p.tenant_id = .*p.id = ")
                    .doesNotContain("Seq Scan on public.budget_periods");
        }
    }

    /// A function that is replaced loses its settings.
    @Test
    void admissionsAndSettlementsAreNotPlannedAnewEachTime() throws Exception {
        try (var connection = owner().getConnection()) {
            assertThat(Sql.list(
                            connection,
                            "SELECT proname FROM pg_proc WHERE proname IN ('admit', 'settle') "
                                    + "AND 'plan_cache_mode=force_generic_plan' = ANY (proconfig)",
                            row -> row.getString(1)))
                    .containsExactlyInAnyOrder("admit", "settle");
        }
    }

    @Test
    void aKeyThatIsFreedIsFoundByItsTurn() throws Exception {
        books.change("INSERT INTO idempotency_keys (tenant_id, caller, key, request_hash, turn_id) "
                + "SELECT t.tenant_id, 'caller', 'key ' || i, decode(repeat('00', 32), 'hex'), gen_random_uuid() "
                + "FROM tenants t, generate_series(1, 20000) i WHERE t.tenant_id = ?");
        try (var connection = owner().getConnection()) {
            Sql.update(connection, "ANALYZE idempotency_keys");
        }
        String sql = "SELECT FROM idempotency_keys k" + between("settle", "PERFORM FROM idempotency_keys k", ";");

        assertThat(Explain.plan(transactions, tenant.id(), sql)).contains("using idempotency_keys_turn");
    }

    @Test
    void leasesAreRenewedByKeyAndOverdueTurnsFoundByTheirTime() throws Exception {
        String renew = "WITH mine"
                + statement(owner(), "renew_turns", "WITH mine", "RETURNING")
                        .replace("p_tenants, p_ids, p_tokens", "'{}'::uuid[], '{}'::uuid[], '{}'::uuid[]")
                        .replace("lease_ms", "1");
        String overdue = "SELECT t.tenant_id" + statement(owner(), "overdue_turns", "SELECT t.tenant_id", "most");

        assertThat(systemPlan(owner(), renew.replace("ORDER BY t.tenant_id, t.id", "")))
                .contains("using turns_pkey on public.turns t");
        assertThat(systemPlan(owner(), overdue + "10"))
                .contains("using turns_leased")
                .containsPattern("Index Cond: .*lease_until < ")
                .doesNotContain("Sort");
    }

    @Test
    void turnsThatWaitForAWorkerAreFoundAmongThemselves() throws Exception {
        books.change("INSERT INTO jobs (tenant_id, id, kind, subject) "
                + "SELECT t.tenant_id, gen_random_uuid(), 'of nobody', i::text "
                + "FROM tenants t, generate_series(1, 5000) i WHERE t.tenant_id = ?");
        try (var connection = owner().getConnection()) {
            Sql.update(connection, "ANALYZE jobs");
        }
        String stranded =
                "SELECT t.tenant_id" + statement(owner(), "stranded_turns", "SELECT t.tenant_id", "LIMIT most");

        assertThat(systemPlan(owner(), stranded.replace("now() - age", "now() - interval '5 minutes'") + " LIMIT 10"))
                .contains("using turns_queued")
                .contains("using jobs_tenant_id_kind_subject_key")
                .doesNotContain("Sort");
        books.change("DELETE FROM jobs WHERE tenant_id = ?");
    }

    @Test
    void usageOfSomeDaysIsOneRangeOfTheLedger() {
        var days = Days.touchedBy(null, null, Instant.parse("2026-03-02T12:00:00Z"));

        assertThat(Explain.plan(
                        transactions,
                        tenant.id(),
                        Ledger.sql(Set.of(Grouping.values())),
                        tenant.id(),
                        Days.leastId(days.start()),
                        Days.leastId(days.end())))
                .contains("using ledger_pkey")
                .containsPattern("Index Cond: .*tenant_id = .*turn_id >= .*turn_id < ");
    }

    /// With values in place of the function's variables.
    private String between(String function, String from, String to) throws SQLException {
        String sql = statement(owner(), function, from, to);
        for (var variable : VARIABLES.entrySet()) {
            sql = sql.replaceAll("\\b" + variable.getKey() + "\\b", variable.getValue());
        }
        return sql.replace("p_tenant", "'%s'::uuid".formatted(tenant.id().value()));
    }

    private String plan(String sql) {
        return transactions.inTenant(
                tenant.id(),
                connection -> String.join(
                        "\n", Sql.list(connection, "EXPLAIN (VERBOSE, COSTS OFF) " + sql, row -> row.getString(1))));
    }

    private DataSource owner() {
        return flyway.getConfiguration().getDataSource();
    }
}

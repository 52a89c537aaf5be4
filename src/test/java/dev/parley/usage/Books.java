package dev.parley.usage;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the database says of one tenant's money.
record Books(Transactions transactions, TestTenant tenant) {

    String budget(String scope, String period, Map<String, ?> more) {
        return made("/v1/budgets", Map.of("scope", scope, "period", period), more);
    }

    String rateLimit(String scope, Map<String, ?> more) {
        return made("/v1/rate_limits", Map.of("scope", scope), more);
    }

    private String made(String path, Map<String, ?> fields, Map<String, ?> more) {
        var body = new HashMap<String, Object>(fields);
        body.putAll(more);
        return tenant.request()
                .body(body)
                .post(path)
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    UUID conversation() {
        String id = tenant.request()
                .body("{}")
                .post("/v1/conversations")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
        return Ids.parse("conv_", id).orElseThrow();
    }

    /// `spent_micros reserved_micros spent_tokens reserved_tokens` of every counter, each once if they agree.
    List<String> counters() {
        return texts("SELECT DISTINCT concat_ws(' ', spent_micros, reserved_micros, spent_tokens, reserved_tokens) "
                + "FROM budget_periods WHERE tenant_id = ? ORDER BY 1");
    }

    /// `line model input output micros estimated` of a turn.
    List<String> ledger(UUID turn) {
        return texts(
                "SELECT concat_ws(' ', line, model, input_tokens, output_tokens, cost_micros, estimated) "
                        + "FROM ledger WHERE tenant_id = ? AND turn_id = ? ORDER BY line",
                turn);
    }

    long tokensInBuckets() {
        return number("SELECT round(sum(tokens)) FROM rate_buckets WHERE tenant_id = ?");
    }

    String status(UUID turn) {
        return texts("SELECT status FROM turns WHERE tenant_id = ? AND id = ?", turn)
                .getFirst();
    }

    long count(String table) {
        return number("SELECT count(*) FROM " + table + " WHERE tenant_id = ?");
    }

    long number(String sql, @Nullable Object... more) {
        return Long.parseLong(texts(sql, more).getFirst());
    }

    List<String> texts(String sql, @Nullable Object... more) {
        return transactions.inTenant(
                tenant.id(), connection -> Sql.list(connection, sql, row -> row.getString(1), args(more)));
    }

    void change(String sql, @Nullable Object... more) {
        transactions.runInTenant(tenant.id(), connection -> Sql.update(connection, sql, args(more)));
    }

    /// As if the turn's owner had died a while ago.
    void endLease(UUID turn) {
        change("UPDATE turns SET lease_until = now() - interval '1 second' WHERE tenant_id = ? AND id = ?", turn);
    }

    private @Nullable Object[] args(@Nullable Object... more) {
        var args = new @Nullable Object[more.length + 1];
        args[0] = tenant.id();
        System.arraycopy(more, 0, args, 1, more.length);
        return args;
    }
}

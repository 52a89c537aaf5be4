package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.parley.model.ApproximateTokens;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.CapturedLogs;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
class MeteredUsageIT {

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();

    @Test
    void usageThatAProviderDoesNotTellIsCountedAndMarked() {
        say(Reply.text("Hello you.").withoutUsage())
                .body("parley.receipt.estimated", equalTo(true))
                .body("parley.receipt.warnings", hasItem("usage_estimated"))
                .body("usage.completion_tokens", equalTo(ApproximateTokens.count("Hello you.")));

        assertThat(rows("SELECT output_tokens || ' ' || estimated FROM ledger"))
                .containsExactly(ApproximateTokens.count("Hello you.") + " true");
        assertThat(
                        rows(
                                "SELECT (input_tokens > 10 AND cost_micros = input_tokens + 2 * output_tokens)::text FROM ledger"))
                .containsExactly("true");
    }

    @Test
    void whatAProviderTakesBeyondTheBoundIsBookedAndAlarmed() {
        transactions.runInTenant(
                tenant.id(),
                connection -> Sql.update(
                        connection,
                        "INSERT INTO budgets (tenant_id, id, scope, period, limit_micros) "
                                + "VALUES (?, gen_random_uuid(), 'tenant', 'day', 100000)",
                        tenant.id()));

        CapturedLogs logs = CapturedLogs.start();
        try {
            say(Reply.text("Dear.").usage(1_000_000, 0, 7)).body("parley.receipt.cost_micros", equalTo(1_000_014));
        } finally {
            logs.close();
        }

        assertThat(logs.text()).contains("usage_over_bound");
        assertThat(rows("SELECT cost_micros::text FROM ledger")).containsExactly("1000014");
        assertThat(rows("SELECT reserved_micros || ' ' || spent_micros FROM budget_periods"))
                .containsExactly("0 1000014");
    }

    private ValidatableResponse say(Reply reply) {
        var script = ScriptedProvider.script(reply);
        return tenant.request()
                .body(Map.of(
                        "model",
                        "priced-alone",
                        "messages",
                        List.of(Map.of("role", "user", "content", "Hi " + script.marker()))))
                .post("/v1/chat/completions")
                .then()
                .statusCode(200);
    }

    private List<String> rows(String sql) {
        return transactions.list(tenant.id(), sql, row -> row.getString(1));
    }
}

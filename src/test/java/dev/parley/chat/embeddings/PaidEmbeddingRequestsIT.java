package dev.parley.chat.embeddings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.HashEmbedder;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// `/v1/embeddings` as work that is admitted, paid and told again.
@QuarkusTest
class PaidEmbeddingRequestsIT {

    private static final String PRICED = "scripted-embedding";

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private final String key = UUID.randomUUID().toString();

    @Test
    void vectorsAreBookedAtTheirPrice() {
        limit("/v1/budgets", Map.of("scope", "tenant", "period", "month", "limit_micros", 1000));
        limit("/v1/rate_limits", Map.of("scope", "tenant", "requests_per_minute", 100));

        embed(PRICED, "hello").statusCode(200).header("x-ratelimit-remaining-requests", notNullValue());

        assertThat(count("SELECT sum(input_tokens) FROM ledger WHERE tenant_id = ?"))
                .isEqualTo(3);
        assertThat(count("SELECT sum(cost_micros) FROM ledger WHERE tenant_id = ?"))
                .isEqualTo(count("SELECT sum(spent_micros) FROM budget_periods WHERE tenant_id = ?"))
                .isEqualTo(1);
        assertThat(count("SELECT sum(reserved_micros) FROM budget_periods WHERE tenant_id = ?"))
                .isZero();
    }

    @Test
    void aBudgetThatIsSpentRefuses() {
        limit("/v1/budgets", Map.of("scope", "tenant", "period", "month", "limit_micros", 0));

        embed(PRICED, "hello").statusCode(429).body("error.code", equalTo("insufficient_quota"));
    }

    @Test
    void aRepeatedRequestGetsTheFirstAnswerAndIsPaidOnce() {
        String first = embed(PRICED, "hello").statusCode(200).extract().asString();

        String second = embed(PRICED, "hello")
                .statusCode(200)
                .header("idempotency-replayed", equalTo("true"))
                .extract()
                .asString();

        assertThat(second).isEqualTo(first);
        assertThat(count("SELECT count(*) FROM ledger WHERE tenant_id = ?")).isEqualTo(1);
        embed(PRICED, "other").statusCode(422).body("error.code", equalTo("idempotency_key_reused"));
    }

    @Test
    void aFreeModelIsCountedToo() {
        embed(HashEmbedder.ALIAS, "hello you").statusCode(200).header("idempotency-replayed", nullValue());
        embed(HashEmbedder.ALIAS, "hello you").statusCode(200).header("idempotency-replayed", equalTo("true"));

        assertThat(count("SELECT sum(input_tokens) FROM ledger WHERE tenant_id = ?"))
                .isEqualTo(2);
        assertThat(count("SELECT sum(cost_micros) FROM ledger WHERE tenant_id = ?"))
                .isZero();
    }

    private ValidatableResponse embed(String model, String text) {
        return tenant.request()
                .header("Idempotency-Key", key)
                .body(Map.of("model", model, "input", text))
                .post("/v1/embeddings")
                .then();
    }

    private void limit(String path, Map<String, Object> body) {
        tenant.request().body(body).post(path).then().statusCode(200);
    }

    private long count(String sql) {
        return transactions.inTenant(
                tenant.id(), connection -> Sql.first(connection, sql, row -> row.getLong(1), tenant.id())
                        .orElseThrow());
    }
}

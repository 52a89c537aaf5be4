package dev.parley.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.HashEmbedder;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Embeddings outside turns: who pays for them, and what happens when nobody may.
@QuarkusTest
class PaidEmbeddingsIT {

    private static final String PRICED = "scripted-embedding";
    private static final byte[] TEXT = "The warranty lasts two years.".getBytes(StandardCharsets.UTF_8);

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();

    @Test
    void ingestionAndSearchArePaidAndSettled() {
        budget(1_000_000);
        TestStore store = TestStore.create(tenant.key(), PRICED);
        store.awaitStatus(store.add("a.txt", TEXT), "completed");
        assertThat(count("SELECT count(*) FROM ledger WHERE tenant_id = ? AND key_id IS NULL"))
                .isEqualTo(1);

        store.search("warranty").body("parley.degraded", equalTo(false));

        assertThat(count("SELECT count(*) FROM ledger WHERE tenant_id = ? AND key_id IS NOT NULL"))
                .isEqualTo(1);
        assertThat(count("SELECT sum(cost_micros) FROM ledger WHERE tenant_id = ?"))
                .isPositive()
                .isEqualTo(count("SELECT sum(spent_micros) FROM budget_periods WHERE tenant_id = ?"));
        assertThat(count("SELECT sum(reserved_micros) FROM budget_periods WHERE tenant_id = ?"))
                .isZero();
    }

    @Test
    void aSearchThatNobodyMayPayForIsByWordsAlone() {
        TestStore store = TestStore.create(tenant.key(), PRICED);
        store.awaitStatus(store.add("a.txt", TEXT), "completed");
        budget(0);

        store.search("warranty").body("parley.degraded", equalTo(true)).body("data.size()", equalTo(1));
    }

    @Test
    void aFileThatNobodyMayPayForSaysSo() {
        budget(0);
        TestStore store = TestStore.create(tenant.key(), PRICED);
        String file = store.add("a.txt", TEXT);

        store.awaitStatus(file, "failed");

        store.file(file).body("last_error.message", containsString("budget"));
        tenant.request().get("/v1/dead_letters").then().body("data[0].stage", equalTo("embed"));
    }

    @Test
    void whatCostsNothingTakesNoReservation() {
        TestStore store = TestStore.create(tenant.key(), HashEmbedder.ALIAS);
        store.awaitStatus(store.add("a.txt", TEXT), "completed");
        store.search("warranty").body("data", not(equalTo(0)));

        assertThat(count("SELECT count(*) FROM turns WHERE tenant_id = ?")).isZero();
    }

    private void budget(long micros) {
        tenant.request()
                .body(Map.of("scope", "tenant", "period", "month", "limit_micros", micros))
                .post("/v1/budgets")
                .then()
                .statusCode(200);
    }

    private long count(String sql) {
        return transactions.inTenant(
                tenant.id(), connection -> Sql.first(connection, sql, row -> row.getLong(1), tenant.id())
                        .orElseThrow());
    }
}

package dev.parley.conversation;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Api;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The memory query as the application's role runs it.
@QuarkusTest
class MemoryPlanIT {

    @Inject
    Transactions transactions;

    @Test
    void memoryWalksThePrimaryKeyBackwardsAndStopsAtItsLimit() {
        TenantId tenant = newTenant();
        ConversationId conversation = ConversationId.next();
        fill(tenant, conversation);

        String plan = String.join("\n", explain(tenant, conversation));

        assertThat(plan).contains("Index Scan Backward using conversation_items_pkey");
        assertThat(plan).doesNotContain("Seq Scan on conversation_items");
        assertThat(plan).containsPattern("Index Scan Backward using conversation_items_pkey.*rows=(9|10|11)(\\.00)? ");
        assertThat(plan).contains("Index Scan using conversation_summaries_pkey");
    }

    @Test
    void foldingReadsOnlyWhatItFolds() {
        TenantId tenant = newTenant();
        ConversationId conversation = ConversationId.next();
        fill(tenant, conversation);

        String plan = transactions.inTenant(
                tenant,
                connection -> String.join(
                        "\n",
                        Sql.list(
                                connection,
                                "EXPLAIN (ANALYZE, TIMING OFF) " + Summaries.OLDEST,
                                row -> row.getString(1),
                                tenant,
                                conversation.value(),
                                1000L,
                                4000L,
                                10)));

        assertThat(plan).containsPattern("Index Scan using conversation_items_pkey.*rows=10(\\.00)? ");
    }

    private List<String> explain(TenantId tenant, ConversationId conversation) {
        return transactions.inTenant(
                tenant,
                connection -> Sql.list(
                        connection,
                        "EXPLAIN (ANALYZE, TIMING OFF) " + RecentItems.RECENT,
                        row -> row.getString(1),
                        10,
                        1_000_000,
                        tenant,
                        conversation.value()));
    }

    /// Long enough that reading all of it would be the wrong plan.
    private void fill(TenantId tenant, ConversationId conversation) {
        transactions.runInTenant(tenant, connection -> {
            Sql.update(
                    connection,
                    "INSERT INTO conversations (tenant_id, id, next_seq) VALUES (?, ?, 5000)",
                    tenant,
                    conversation.value());
            Sql.update(connection, """
                    INSERT INTO conversation_items
                        (tenant_id, conversation_id, seq, turn_id, role, tokens, content)
                    SELECT ?, ?, n, gen_random_uuid(), 'user', 1, '\\x00' FROM generate_series(0, 4999) n""", tenant, conversation.value());
        });
    }

    private static TenantId newTenant() {
        String id = as(Api.DEVELOPMENT_KEY)
                .body("{\"name\":\"plan\"}")
                .post("/v1/tenants")
                .path("id");
        return new TenantId(Ids.parse(TenantId.PREFIX, id).orElseThrow());
    }
}

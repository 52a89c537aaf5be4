package dev.parley.chat.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Explain;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The walk through a chain of responses as the application's role runs it.
@QuarkusTest
class ResponseChainPlanIT {

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();

    @Test
    void aChainIsWalkedByThePrimaryKey() {
        UUID any = UUID.randomUUID();

        String plan = Explain.plan(transactions, tenant.id(), ResponseChain.WALK, tenant.id(), any, tenant.id(), 16);

        assertThat(plan)
                .containsPattern("Recursive Union(?s).*Index Scan using turns_pkey.*Index Scan using turns_pkey")
                .containsPattern("Index Cond: .*tenant_id = .* AND \\(t_1\\.id = c\\.previous_id\\)")
                .doesNotContain("Seq Scan");
    }

    @Test
    void whatIsReadDoesNotGrowWithTheChain() {
        UUID newest = chain(2_000);

        long read = transactions.inTenant(tenant.id(), connection -> (long) Sql.list(
                        connection,
                        ResponseChain.WALK,
                        row -> row.getInt("depth"),
                        tenant.id(),
                        newest,
                        tenant.id(),
                        16)
                .size());

        assertThat(read).isEqualTo(16);
    }

    /// Returns the newest.
    private UUID chain(int length) {
        transactions.runInTenant(tenant.id(), connection -> Sql.update(connection, """
                        INSERT INTO turns (tenant_id, id, previous_id, kind, model, status, micros, tokens, charged_tokens, stored)
                        SELECT ?, lpad(n::text, 32, '0')::uuid, lpad((n - 1)::text, 32, '0')::uuid, 'response', 'm',
                               'completed', 0, 0, 0, true
                          FROM generate_series(1, ?) n""", tenant.id(), length));
        return new UUID(0, Long.parseLong(Integer.toString(length), 16));
    }
}

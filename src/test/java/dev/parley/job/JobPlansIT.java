package dev.parley.job;

import static dev.parley.testing.Explain.orderedPlan;
import static dev.parley.testing.Explain.statement;
import static dev.parley.testing.Explain.systemPlan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/// What workers ask again and again can use the index that is meant for it.
@QuarkusTest
class JobPlansIT {

    private static final String FUNCTION = "claim_jobs";

    private final Transactions transactions;
    private final Flyway flyway;

    JobPlansIT(Transactions transactions, Flyway flyway) {
        this.transactions = transactions;
        this.flyway = flyway;
    }

    @Test
    void aClaimReadsReadyJobsOfEachKindInTheOrderOfTheirTurns() throws Exception {
        String claim = statement(owner(), FUNCTION, "RETURN QUERY", ";")
                .replace("(kinds)", "('{ingestion}'::text[])")
                .replace("LIMIT batch", "LIMIT 2")
                .replace("+ lease", "+ interval '1 minute'");

        assertThat(systemPlan(owner(), claim))
                .contains("Index Scan using jobs_claimable")
                .contains("Index Cond: (r.kind = wanted.kind)")
                .doesNotContain("Sort Key: r.")
                .doesNotContain("tenants");
    }

    @Test
    void leasesThatHaveEndedAreFoundByTheirTime() throws Exception {
        assertThat(systemPlan(owner(), statement(owner(), FUNCTION, "BEGIN", ";")))
                .contains("Index Scan using jobs_leased");
    }

    @Test
    void deadLettersAreListedInOrder() {
        var tenant = TestTenant.create().id();

        for (boolean ascending : new boolean[] {true, false}) {
            assertThat(orderedPlan(transactions, tenant, DeadLetters.listSql(ascending), tenant, UUID.randomUUID(), 21))
                    .contains("using jobs_dead")
                    .doesNotContain("Sort");
        }
    }

    private DataSource owner() {
        return flyway.getConfiguration().getDataSource();
    }
}

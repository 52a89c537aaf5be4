package dev.parley.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.invocation.Deadline;
import dev.parley.model.EmbeddingModels;
import dev.parley.model.ModelFailure;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.problem.ProblemKind;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.Step;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
class PurseIT {

    private static final Duration SOON = Duration.ofMillis(2_400); // before the provider's own time-out

    @Inject
    Purses purses;

    @Inject
    EmbeddingModels models;

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();

    @Test
    void aCallThatOutlastsItsInvocationIsCutToldAndSettled() {
        var gate = new Step.Gate("purse-" + tenant.id());
        Script script = ScriptedProvider.script(Reply.steps(gate));
        try (Purse purse = purses.open(Payer.of(tenant.id()), Deadline.in(SOON))) {
            assertThatThrownBy(() -> models.embedQuery("scripted-embedding", "What is " + script.marker(), purse))
                    .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.isStopped())
                            .isTrue());
            assertThat(purse.ended().code()).isEqualTo(Deadline.REACHED);
            assertThat(purse.ended().kind()).isEqualTo(ProblemKind.TIMED_OUT);
        }
        ScriptedProvider.open(gate);

        assertThat(script.requests()).hasSize(1);
        assertThat(count("SELECT count(*) FROM turns WHERE tenant_id = ? AND status = 'in_progress'"))
                .isZero();
        assertThat(count("SELECT count(*) FROM ledger WHERE tenant_id = ? AND estimated"))
                .isEqualTo(1);
    }

    private long count(String sql) {
        return transactions.inTenant(
                tenant.id(), connection -> Sql.first(connection, sql, row -> row.getLong(1), tenant.id())
                        .orElseThrow());
    }
}

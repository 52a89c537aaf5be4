package dev.parley.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Idempotency keys and conversations at the door; [LimitsIT] has rates and budgets.
@QuarkusTest
class AdmissionIT {

    @Inject
    Admissions admissions;

    @Inject
    Settlements settlements;

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private final Application application = Application.of(tenant.id());

    private Books books() {
        return new Books(transactions, tenant);
    }

    private Ticket admit(Application wanted) {
        return ((Verdict.Admitted) admissions.admit(wanted.admission())).ticket();
    }

    private String refusal(Application wanted) {
        return catchThrowableOfType(Problem.class, () -> admissions.admit(wanted.admission()))
                .code();
    }

    private Fate end(Ticket ticket, boolean keepsKey) {
        return end(ticket, null, keepsKey);
    }

    private Fate end(Ticket ticket, @Nullable UUID conversation, boolean keepsKey) {
        var outcome = new Settlement.Outcome(keepsKey, null, List.of(), null);
        return settlements.settle(new Settlement(ticket, TurnStatus.COMPLETED, List.of(), conversation, outcome));
    }

    @Test
    void anAdmittedTurnHasALeaseAndItsFirstAttemptOnRecord() {
        Ticket ticket = admit(application);

        assertThat(books().texts(
                                "SELECT concat_ws(' ', status, attempted, micros, tokens, lease_until > now(), lease_token) "
                                        + "FROM turns WHERE tenant_id = ? AND id = ?",
                                ticket.turn()))
                .containsExactly("in_progress {some-model} 1000 100 t " + ticket.token());
    }

    @Test
    void aRepeatedRequestIsToldTheFirstOnesTurnWhileItRunsAndAfterItEnded() {
        Application keyed = application.keyed("a", "body");
        Ticket first = admit(keyed);

        assertThat(admissions.admit(keyed.admission())).isEqualTo(new Verdict.Repeated(first.turn()));
        end(first, true);
        assertThat(admissions.admit(keyed.admission())).isEqualTo(new Verdict.Repeated(first.turn()));
        assertThat(books().count("turns")).isEqualTo(1);
    }

    @Test
    void aKeyCannotBeUsedForAnotherRequestButByAnotherCaller() {
        admit(application.keyed("a", "body"));

        assertThat(refusal(application.keyed("a", "other"))).isEqualTo("idempotency_key_reused");
        admit(application.by(UUID.randomUUID(), null).keyed("a", "other"));
    }

    @Test
    void aTurnThatIsRefusedByItsProviderFreesItsKey() {
        Ticket first = admit(application.keyed("a", "body"));
        end(first, false);

        assertThat(admit(application.keyed("a", "other")).turn()).isNotEqualTo(first.turn());
    }

    @Test
    void anAdmissionThatIsRefusedLeavesNothingBehind() {
        assertThat(refusal(application.keyed("a", "body").in(UUID.randomUUID())))
                .isEqualTo("not_found");

        assertThat(books().count("idempotency_keys")).isZero();
        assertThat(books().count("turns")).isZero();
    }

    @Test
    void aKeyIsFreeAfterADay() {
        Ticket first = admit(application.keyed("a", "body"));
        books().change("UPDATE idempotency_keys SET created_at = now() - interval '24 hours 1 second' "
                + "WHERE tenant_id = ?");

        Ticket second = admit(application.keyed("a", "other"));

        assertThat(second.turn()).isNotEqualTo(first.turn());
        assertThat(admissions.admit(application.keyed("a", "other").admission()))
                .isEqualTo(new Verdict.Repeated(second.turn()));
    }

    @Test
    void aConversationHasOneTurnAtATime() {
        UUID conversation = books().conversation();
        Application inConversation = application.in(conversation);
        Ticket first = admit(inConversation);

        assertThat(refusal(inConversation)).isEqualTo("conversation_locked");
        end(first, conversation, true);
        admit(inConversation);
    }

    @Test
    void aConversationIsTakenFromATurnWhoseLeaseHasEnded() {
        UUID conversation = books().conversation();
        Application inConversation = application.in(conversation);
        Ticket first = admit(inConversation);
        books().endLease(first.turn());

        Ticket second = admit(inConversation);

        assertThat(end(first, conversation, true)).isEqualTo(Fate.LOST);
        assertThat(books().status(first.turn())).isEqualTo("failed");
        assertThat(refusal(inConversation)).isEqualTo("conversation_locked");
        assertThat(end(second, conversation, true)).isEqualTo(Fate.SETTLED);
    }

    @Test
    void aConversationOfAnotherTenantDoesNotExist() {
        UUID theirs = new Books(transactions, TestTenant.create()).conversation();

        assertThat(refusal(application.in(theirs))).isEqualTo("not_found");
    }

    @Test
    void oneOfManyAtOnceWithTheSameKeyIsAdmittedAndTheOthersFollowIt() {
        Application keyed = application.keyed("a", "body");

        List<Object> verdicts = atOnce(Collections.nCopies(40, keyed));

        List<Ticket> tickets = tickets(verdicts);
        assertThat(tickets).hasSize(1);
        assertThat(Collections.frequency(
                        verdicts, new Verdict.Repeated(tickets.getFirst().turn())))
                .isEqualTo(39);
    }

    @Test
    void oneOfManyAtOnceInOneConversationIsAdmitted() {
        List<Application> all = Collections.nCopies(40, application.in(books().conversation()));

        List<Object> verdicts = atOnce(all);

        assertThat(tickets(verdicts)).hasSize(1);
        assertThat(Collections.frequency(verdicts, "conversation_locked")).isEqualTo(39);
    }

    @Test
    void eachOfAGroupGetsItsOwnVerdict() {
        UUID conversation = books().conversation();
        admit(application.in(conversation));
        admit(application.keyed("used", "body"));
        var all = new ArrayList<Application>();
        for (int i = 0; i < 10; i++) {
            all.add(application.keyed("own " + i, "body"));
            all.add(application.keyed("locked " + i, "body").in(conversation));
            all.add(application.in(UUID.randomUUID()));
            all.add(application.keyed("used", "other"));
        }

        List<Object> verdicts = atOnce(all);

        for (int i = 0; i < all.size(); i += 4) {
            assertThat(verdicts.get(i)).isInstanceOf(Verdict.Admitted.class);
            assertThat(verdicts.subList(i + 1, i + 4))
                    .containsExactly("conversation_locked", "not_found", "idempotency_key_reused");
        }
        assertThat(books().count("idempotency_keys")).isEqualTo(11);
    }

    @Test
    void aKeyThatAnotherSessionIsWritingHoldsNobodyUp() {
        Application keyed = application.keyed("a", "body");

        List<Object> verdicts = transactions.inTenant(tenant.id(), connection -> {
            Sql.first(
                    connection,
                    "SELECT verdict FROM claim_idempotency_key(?, 'a', decode(?, 'hex'))",
                    row -> row.getString(1),
                    keyed.payer().caller(),
                    keyed.key().requestHash());
            return quickly(List.of(keyed, application, application.keyed("b", "body")));
        });

        assertThat(verdicts.getFirst()).isEqualTo("request_in_progress");
        assertThat(tickets(verdicts)).hasSize(2);
    }

    @Test
    void aKeyThatIsAboutToBeFreedHoldsNobodyUp() {
        Application keyed = application.keyed("a", "body");
        Ticket first = admit(keyed);

        List<Object> verdicts = transactions.inTenant(tenant.id(), connection -> {
            Sql.first(
                    connection,
                    """
                    SELECT verdict FROM settle(?, jsonb_build_array(jsonb_build_object('n', 1, 'id', ?::text, 'token', ?::text,
                        'status', 'failed', 'reap', false, 'keeps_key', false, 'lines', '[]'::jsonb)),
                        ARRAY[NULL::bytea], ARRAY[NULL::bytea], '[]', '{}')""",
                    row -> row.getString(1),
                    tenant.id(),
                    first.turn().toString(),
                    first.token().toString());
            return quickly(List.of(keyed, application));
        });

        assertThat(verdicts.getFirst()).isEqualTo(new Verdict.Repeated(first.turn()));
        assertThat(tickets(verdicts)).hasSize(1);
        admit(keyed);
    }

    @Test
    void aConversationThatIsBeingChangedHoldsNobodyUp() {
        UUID conversation = books().conversation();

        List<Object> verdicts = transactions.inTenant(tenant.id(), connection -> {
            Sql.update(
                    connection,
                    "UPDATE conversations SET metadata = '{}' WHERE tenant_id = ? AND id = ?",
                    tenant.id(),
                    conversation);
            return quickly(List.of(application.in(conversation), application, application.in(UUID.randomUUID())));
        });

        assertThat(verdicts.get(0)).isEqualTo("conversation_locked");
        assertThat(verdicts.get(1)).isInstanceOf(Verdict.Admitted.class);
        assertThat(verdicts.get(2)).isEqualTo("not_found");
    }

    @Test
    void whoseBudgetIsHeldUpFailsAlone() {
        books().budget("user", "month", Map.of("limit_micros", 1_000_000));
        admit(application.by("stuck"));
        var all = new ArrayList<Application>();
        for (int i = 0; i < 20; i++) {
            all.add(application.by(i == 10 ? "stuck" : "user " + i));
        }

        List<Object> verdicts = transactions.inTenant(tenant.id(), connection -> {
            Sql.first(
                    connection,
                    "SELECT id FROM budget_periods WHERE tenant_id = ? AND subject = 'stuck' FOR UPDATE",
                    _ -> true,
                    tenant.id());
            return atOnce(all);
        });

        assertThat(verdicts.get(10)).isEqualTo("database_busy");
        assertThat(tickets(verdicts)).hasSize(19);
    }

    /// Of a key or a conversation that is in use nobody waits to see the end.
    private List<Object> quickly(List<Application> wanted) {
        long start = System.nanoTime();
        List<Object> verdicts = atOnce(wanted);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Together.PATIENCE);
        return verdicts;
    }

    /// Verdicts, or the codes of refusals, in the order of the applications.
    private List<Object> atOnce(List<Application> wanted) {
        var verdicts = new ArrayList<Object>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Object>> calls = new ArrayList<>();
            wanted.forEach(each -> calls.add(() -> {
                try {
                    return admissions.admit(each.admission());
                } catch (Problem refused) {
                    return refused.code();
                }
            }));
            for (Future<Object> each : threads.invokeAll(calls)) {
                verdicts.add(each.get());
            }
        } catch (InterruptedException | ExecutionException failure) {
            throw new AssertionError(failure);
        }
        return verdicts;
    }

    private static List<Ticket> tickets(List<Object> verdicts) {
        return verdicts.stream()
                .filter(Verdict.Admitted.class::isInstance)
                .map(each -> ((Verdict.Admitted) each).ticket())
                .toList();
    }
}

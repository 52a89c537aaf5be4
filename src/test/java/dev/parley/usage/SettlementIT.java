package dev.parley.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.model.Bound;
import dev.parley.model.Paid;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What turns cost when they end, however they end.
@QuarkusTest
class SettlementIT {

    @Inject
    Admissions admissions;

    @Inject
    Settlements settlements;

    @Inject
    TopUps topUps;

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private final Application application = Application.of(tenant.id());

    @BeforeEach
    void everythingIsCounted() {
        books().budget("tenant", "day", Map.of("limit_micros", 1_000_000));
        books().budget("model", "month", Map.of("limit_tokens", 1_000_000));
        books().rateLimit("tenant", Map.of("tokens_per_minute", 10_000_000));
        books().rateLimit("model", Map.of("tokens_per_minute", 10_000_000));
    }

    private Books books() {
        return new Books(transactions, tenant);
    }

    private Ticket admit(Application wanted) {
        return ((Verdict.Admitted) admissions.admit(wanted.admission())).ticket();
    }

    private static Paid paid(long micros, long tokens) {
        return new Paid(Application.MODEL, "provider", tokens, 0, 0, micros, false);
    }

    private Fate settle(Ticket ticket, Paid... lines) {
        return settle(ticket, null, List.of(), lines);
    }

    private Fate settle(Ticket ticket, @Nullable UUID conversation, List<Kept> items, Paid... lines) {
        var outcome = new Settlement.Outcome(true, null, items, null);
        return settlements.settle(new Settlement(ticket, TurnStatus.COMPLETED, List.of(lines), conversation, outcome));
    }

    private Fate reap(Ticket ticket) {
        return settlements
                .reap(tenant.id(), List.of(new Settlements.Abandoned(ticket.turn(), null)))
                .getFirst();
    }

    @Test
    void aReservationBecomesWhatWasSpent() {
        Ticket ticket = admit(application);
        assertThat(books().counters()).containsExactly("0 1000 0 100");

        assertThat(settle(ticket, paid(300, 30), paid(70, 7))).isEqualTo(Fate.SETTLED);

        assertThat(books().counters()).containsExactly("370 0 37 0");
        assertThat(books().ledger(ticket.turn())).containsExactly("1 some-model 30 0 300 f", "2 some-model 7 0 70 f");
        assertThat(books().status(ticket.turn())).isEqualTo("completed");
    }

    @Test
    void aSettlementThatIsSentAgainChangesNothing() {
        Ticket ticket = admit(application);
        settle(ticket, paid(300, 30));

        assertThat(settle(ticket, paid(300, 30))).isEqualTo(Fate.REPEATED);

        assertThat(books().counters()).containsExactly("300 0 30 0");
        assertThat(books().ledger(ticket.turn())).hasSize(1);
    }

    @Test
    void whatATurnTopsUpIsReservedAndSettledWithIt() {
        Ticket ticket = admit(application);
        TurnSpend spend = topUps.open(Application.lease(ticket));
        spend.begin(Application.MODEL, Application.BOUND);
        spend.end(paid(400, 40));
        spend.begin("another", new Bound(1_000, 100));
        assertThat(books().counters()).containsExactly("0 1400 0 140");
        spend.end(paid(900, 90));

        settle(ticket, spend.paid().toArray(Paid[]::new));

        assertThat(books().counters()).containsExactly("1300 0 130 0");
        assertThat(spend.micros()).isEqualTo(1_300);
        assertThat(books().texts("SELECT attempted FROM turns WHERE tenant_id = ?"))
                .containsExactly("{some-model,another}");
    }

    @Test
    void aTopUpThatOneBudgetRefusesReservesNothing() {
        books().budget("tenant", "month", Map.of("limit_micros", 1_500));
        Ticket ticket = admit(application);
        TurnSpend spend = topUps.open(Application.lease(ticket));
        spend.begin(Application.MODEL, Application.BOUND);
        spend.end(paid(1_000, 100));

        assertThatThrownBy(() -> spend.begin(Application.MODEL, Application.BOUND))
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.code()).isEqualTo("insufficient_quota"));

        assertThat(books().counters()).containsExactly("0 1000 0 100");
        settle(ticket, spend.paid().toArray(Paid[]::new));
        assertThat(books().counters()).containsExactly("1000 0 100 0");
    }

    @Test
    void aCancelledTurnBeginsNoOtherCall() {
        Ticket ticket = admit(application);
        books().change("UPDATE turns SET cancel_requested = true WHERE tenant_id = ?");
        TurnSpend spend = topUps.open(Application.lease(ticket));
        spend.begin(Application.MODEL, Application.BOUND);
        spend.end(paid(1, 1));

        assertThatThrownBy(() -> spend.begin("another", Application.BOUND)).isInstanceOf(CancellationException.class);
    }

    @Test
    void moreThanTheBoundIsBookedAllTheSame() {
        Ticket ticket = admit(application);

        settle(ticket, paid(5_000, 500));

        assertThat(books().counters()).containsExactly("5000 0 500 0");
    }

    @Test
    void tokenBucketsGetBackWhatWasNotUsedAndOweWhatWasMore() {
        Ticket ticket = admit(application);
        books().change("UPDATE rate_buckets SET tokens = 500 WHERE tenant_id = ?");

        settle(ticket, paid(300, 30));
        assertThat(books().tokensInBuckets()).isEqualTo(2 * 570);

        Ticket hungry = admit(application);
        TurnSpend spend = topUps.open(Application.lease(hungry));
        books().change("UPDATE rate_buckets SET tokens = 500 WHERE tenant_id = ?");
        spend.begin(Application.MODEL, Application.BOUND);
        spend.end(paid(1_000, 100));
        spend.begin(Application.MODEL, Application.BOUND);
        spend.end(paid(1_000, 50));
        settle(hungry, spend.paid().toArray(Paid[]::new));
        assertThat(books().tokensInBuckets()).isEqualTo(2 * 450);
    }

    @Test
    void aTurnWhoseOwnerLivesIsNotReaped() {
        Ticket ticket = admit(application);

        assertThat(reap(ticket)).isEqualTo(Fate.ALIVE);
        assertThat(books().counters()).containsExactly("0 1000 0 100");
    }

    @Test
    void aReapedTurnThatAskedNobodyIsFree() {
        Ticket ticket = admit(application);
        books().change("UPDATE turns SET attempted = '{}' WHERE tenant_id = ?");
        books().endLease(ticket.turn());

        assertThat(reap(ticket)).isEqualTo(Fate.SETTLED);

        assertThat(books().counters()).containsExactly("0 0 0 0");
        assertThat(books().ledger(ticket.turn())).isEmpty();
        assertThat(books().status(ticket.turn())).isEqualTo("failed");
    }

    @Test
    void aReapedTurnThatAskedPaysItsBoundAsAnEstimate() {
        Ticket ticket = reaped();

        assertThat(books().counters()).containsExactly("1000 0 100 0");
        assertThat(books().ledger(ticket.turn())).containsExactly("1 some-model 0 100 1000 t");
        assertThat(reap(ticket)).isEqualTo(Fate.REPEATED);
        assertThat(books().counters()).containsExactly("1000 0 100 0");
    }

    private Ticket reaped() {
        Ticket ticket = admit(application);
        books().endLease(ticket.turn());
        assertThat(reap(ticket)).isEqualTo(Fate.SETTLED);
        return ticket;
    }

    @Test
    void anOwnerWhoComesBackLateCorrectsTheEstimateOnce() {
        Ticket ticket = reaped();

        assertThat(settle(ticket, paid(300, 30))).isEqualTo(Fate.LATE);
        assertThat(settle(ticket, paid(300, 30))).isEqualTo(Fate.LATE);

        assertThat(books().counters()).containsExactly("300 0 30 0");
        assertThat(books().ledger(ticket.turn()))
                .containsExactly("-1 some-model 0 -70 -700 f", "1 some-model 0 100 1000 t");
        assertThat(books().status(ticket.turn())).isEqualTo("failed");
    }

    @Test
    void aTurnThatLostItsConversationPaysButKeepsNothing() {
        UUID conversation = books().conversation();
        Ticket first = admit(application.in(conversation));
        books().endLease(first.turn());
        Ticket second = admit(application.in(conversation));

        assertThat(settle(first, conversation, List.of(item("lost")), paid(300, 30)))
                .isEqualTo(Fate.LOST);
        assertThat(settle(first, conversation, List.of(item("lost")), paid(300, 30)))
                .isEqualTo(Fate.LATE);
        assertThat(settle(second, conversation, List.of(item("a"), item("b")), paid(50, 5)))
                .isEqualTo(Fate.SETTLED);

        assertThat(books().counters()).containsExactly("350 0 35 0");
        assertThat(books().ledger(first.turn())).hasSize(1);
        assertThat(items()).containsExactly("0 a", "1 b");
        assertThat(topUpOf(first)).isInstanceOf(TurnLost.class);
    }

    private Throwable topUpOf(Ticket ticket) {
        return catchThrowable(() -> topUps.open(Application.lease(ticket)).begin("another", Application.BOUND));
    }

    @Test
    void itemsAreAppendedInOrderTurnAfterTurn() {
        UUID conversation = books().conversation();
        settle(admit(application.in(conversation)), conversation, List.of(item("a"), item("b")), paid(1, 1));
        settle(admit(application.in(conversation)), conversation, List.of(), paid(1, 1));
        settle(admit(application.in(conversation)), conversation, List.of(item("c")), paid(1, 1));

        assertThat(items()).containsExactly("0 a", "1 b", "2 c");
    }

    private static Kept item(String content) {
        return new Kept(UUID.randomUUID(), "user", 1, content.getBytes());
    }

    private List<String> items() {
        return books().texts("SELECT seq || ' ' || convert_from(content, 'UTF8') FROM conversation_items "
                + "WHERE tenant_id = ? ORDER BY seq");
    }
}

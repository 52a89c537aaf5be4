package dev.parley.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.model.Spend;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The running summary where it is kept, by selection.
@QuarkusTest
class SummariesIT {

    private static final int BUDGET = 1200;
    private static final MemoryBudget SMALL = new MemoryBudget(BUDGET, BUDGET);

    @Inject
    Conversations conversations;

    @Inject
    Memory memory;

    @Inject
    Items items;

    @Inject
    Summaries summaries;

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();

    @Test
    void whatNoLongerFitsIsFoldedOnceAndRecalledAsASummary() {
        ConversationId id = conversation(20);

        Folded folded = fold(memory.recall(tenant.id(), id, SMALL));
        Recalled next = memory.recall(tenant.id(), id, SMALL);

        Summary summary = folded.remembered().summary();
        assertThat(summary.text()).contains("fact0");
        assertThat(folded.remembered().tokens()).isLessThanOrEqualTo((BUDGET - 512) / 2);
        assertThat(next.overflow()).isNull();
        assertThat(next.remembered()).isEqualTo(folded.remembered());
        assertThat(items.find(tenant.id(), id, summary.through().seq())
                        .orElseThrow()
                        .id())
                .isEqualTo(summary.through().item());
        assertThat(items.find(tenant.id(), id, 0)).isPresent();
    }

    @Test
    void aBudgetTooSmallForASummaryFoldsNothing() {
        ConversationId id = conversation(20);

        Recalled recalled = memory.recall(tenant.id(), id, new MemoryBudget(300, 300));

        assertThat(recalled.overflow()).isNull();
        assertThat(recalled.remembered().messages()).isNotEmpty();
    }

    @Test
    void twoHundredTurnsFoldNowAndThenAndNeverReadMore() {
        ConversationId id = conversation(0);
        int foldings = 0;
        for (int turn = 0; turn < 200; turn++) {
            Recalled recalled = memory.recall(tenant.id(), id, SMALL);
            Remembered remembered = fold(recalled).remembered();
            foldings += recalled.overflow() == null ? 0 : 1;
            int summary =
                    remembered.summary() == null ? 0 : remembered.summary().tokens();
            assertThat(remembered.tokens() + summary).isLessThanOrEqualTo(BUDGET);
            say(id, turn);
        }

        assertThat(foldings).isBetween(2, 40);
        assertThat(rowsRead(id)).isLessThan(60);
    }

    @Test
    void anItemThatADeletionRemovesTakesTheSummaryThatCoversItAlong() {
        ConversationId id = conversation(20);
        long through = fold(memory.recall(tenant.id(), id, SMALL))
                .remembered()
                .summary()
                .through()
                .seq();

        items.delete(tenant.id(), id, through + 1);
        assertThat(memory.recall(tenant.id(), id, SMALL).remembered().summary()).isNotNull();

        items.delete(tenant.id(), id, 2);
        assertThat(stored(id)).isZero();
        Folded again = fold(memory.recall(tenant.id(), id, SMALL));
        assertThat(again.remembered().summary().text()).contains("fact0").doesNotContain("fact1 ");
    }

    @Test
    void aSummaryOfItemsThatWereDeletedMeanwhileIsNotKept() {
        ConversationId id = conversation(20);
        Recalled recalled = memory.recall(tenant.id(), id, SMALL);

        items.delete(tenant.id(), id, 2);

        assertThat(fold(recalled).remembered()).isEqualTo(recalled.remembered());
        assertThat(stored(id)).isZero();
    }

    @Test
    void aLateSummaryDoesNotReplaceOneThatCoversMore() {
        ConversationId id = conversation(20);
        Overflow overflow = memory.recall(tenant.id(), id, SMALL).overflow();

        assertThat(summaries.replace(overflow, summary(9))).isTrue();
        assertThat(summaries.replace(overflow, summary(5))).isFalse();
        assertThat(memory.recall(tenant.id(), id, SMALL)
                        .remembered()
                        .summary()
                        .through()
                        .seq())
                .isEqualTo(9);
    }

    @Test
    void aDeletedConversationLeavesNoSummary() {
        ConversationId id = conversation(20);
        Recalled recalled = memory.recall(tenant.id(), id, SMALL);
        fold(recalled);

        conversations.delete(tenant.id(), id);

        assertThat(stored(id)).isZero();
        assertThat(summaries.replace(recalled.overflow(), summary(30))).isFalse();
    }

    @Test
    void anotherTenantSeesNoSummary() {
        ConversationId id = conversation(20);
        fold(memory.recall(tenant.id(), id, SMALL));

        int seen = transactions.inTenant(TestTenant.create().id(), connection -> Sql.first(
                        connection,
                        "SELECT count(*) FROM conversation_summaries WHERE conversation_id = ?",
                        row -> row.getInt(1),
                        id.value())
                .orElseThrow());

        assertThat(seen).isZero();
        assertThat(stored(id)).isOne();
    }

    private Folded fold(Recalled recalled) {
        return memory.fold(recalled, Spend.UNMETERED);
    }

    private static Summary summary(long through) {
        return new Summary("So far.", 3, new Summary.Through(through, "msg_"), "extractive");
    }

    private ConversationId conversation(int turns) {
        var said = new ArrayList<Item>();
        for (int turn = 0; turn < turns; turn++) {
            said.addAll(turn(turn));
        }
        return ConversationId.parse(
                conversations.create(tenant.id(), Map.of(), said).id());
    }

    private void say(ConversationId id, int turn) {
        items.append(tenant.id(), id, items.encode(tenant.id(), Turns.group(turn(turn))));
    }

    private static List<Item> turn(int turn) {
        return List.of(
                Item.Message.user("The fact%d is worth keeping. ".formatted(turn) + "And so on. ".repeat(10), null),
                Item.Message.assistant("Noted, and so on. ".repeat(5)));
    }

    private int stored(ConversationId id) {
        return transactions.inTenant(tenant.id(), connection -> Sql.first(
                        connection,
                        "SELECT count(*) FROM conversation_summaries WHERE tenant_id = ? AND conversation_id = ?",
                        row -> row.getInt(1),
                        tenant.id(),
                        id.value())
                .orElseThrow());
    }

    /// Of the items, by one more recollection.
    private int rowsRead(ConversationId id) {
        return transactions
                .inTenant(
                        tenant.id(),
                        connection -> Sql.list(
                                connection,
                                RecentItems.RECENT,
                                row -> row.getLong("seq"),
                                257,
                                BUDGET,
                                tenant.id(),
                                id.value()))
                .size();
    }
}

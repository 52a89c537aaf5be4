package dev.parley.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecollectionTest {

    private static final int PLENTY = 1000;

    private final UUID first = UUID.randomUUID();
    private final UUID second = UUID.randomUUID();

    @Test
    void turnsComeOldestFirst() {
        var recollection = new Recollection(PLENTY, 100);
        recollection.add(second, assistant("d"), 1);
        recollection.add(second, user("c"), 1);
        recollection.add(first, assistant("b"), 1);
        recollection.add(first, user("a"), 1);

        Remembered remembered = recollection.remembered(4);

        assertThat(remembered.messages())
                .containsExactly(
                        UserMessage.from("a"), AiMessage.from("b"), UserMessage.from("c"), AiMessage.from("d"));
        assertThat(remembered.tokens()).isEqualTo(4);
        assertThat(remembered.open()).isNull();
    }

    @Test
    void aTurnThatDoesNotFitIsForgottenWhole() {
        var recollection = new Recollection(25, 100);
        recollection.add(second, assistant("d"), 10);
        recollection.add(second, user("c"), 5);
        recollection.add(first, assistant("b"), 10);
        recollection.add(first, user("a"), 1);

        Remembered remembered = recollection.remembered(4);

        assertThat(remembered.messages()).containsExactly(UserMessage.from("c"), AiMessage.from("d"));
        assertThat(remembered.tokens()).isEqualTo(15);
    }

    @Test
    void aTurnCutByTheItemLimitIsForgottenWhole() {
        var recollection = new Recollection(PLENTY, 3);
        recollection.add(second, assistant("d"), 1);
        recollection.add(second, user("c"), 1);
        recollection.add(first, assistant("b"), 1);
        recollection.add(first, user("a"), 1);

        assertThat(recollection.remembered(4).messages()).containsExactly(UserMessage.from("c"), AiMessage.from("d"));
    }

    @Test
    void nothingFitsInNothing() {
        var recollection = new Recollection(0, 100);
        recollection.add(first, assistant("b"), 1);

        assertThat(recollection.remembered(1).messages()).isEmpty();
    }

    @Test
    void callsAndResultsStayTogether() {
        var recollection = new Recollection(PLENTY, 100);
        recollection.add(first, assistant("42 it is"), 1);
        recollection.add(first, new Item.FunctionCallOutput("2", "y"), 1);
        recollection.add(first, new Item.FunctionCallOutput("1", "x"), 1);
        recollection.add(first, new Item.FunctionCall("2", "g", "{}"), 1);
        recollection.add(first, new Item.FunctionCall("1", "f", "{}"), 1);
        recollection.add(first, assistant("Let me see"), 1);
        recollection.add(first, user("a"), 1);

        var messages = recollection.remembered(7).messages();

        assertThat(messages).hasSize(5);
        AiMessage calling = (AiMessage) messages.get(1);
        assertThat(calling.text()).isEqualTo("Let me see");
        assertThat(calling.toolExecutionRequests()).hasSize(2);
        assertThat(((ToolExecutionResultMessage) messages.get(2)).toolName()).isEqualTo("f");
        assertThat(((ToolExecutionResultMessage) messages.get(3)).toolName()).isEqualTo("g");
    }

    @Test
    void theNewestTurnIsOpenWhileACallWaits() {
        var recollection = new Recollection(PLENTY, 100);
        recollection.add(second, new Item.FunctionCall("1", "f", "{}"), 1);
        recollection.add(second, user("c"), 1);
        recollection.add(first, assistant("b"), 1);
        recollection.add(first, user("a"), 1);

        Remembered remembered = recollection.remembered(4);

        assertThat(remembered.messages()).containsExactly(UserMessage.from("a"), AiMessage.from("b"));
        assertThat(remembered.open().id()).isEqualTo(second);
        assertThat(remembered.open().nextSeq()).isEqualTo(4);
        assertThat(remembered.open().unanswered()).containsEntry("1", "f");
        assertThat(remembered.open().messages()).hasSize(2);
    }

    @Test
    void aTurnWhoseCallWasNeverAnsweredIsForgotten() {
        var recollection = new Recollection(PLENTY, 100);
        recollection.add(second, assistant("d"), 1);
        recollection.add(second, user("c"), 1);
        recollection.add(first, new Item.FunctionCall("1", "f", "{}"), 1);
        recollection.add(first, user("a"), 1);

        assertThat(recollection.remembered(4).messages()).containsExactly(UserMessage.from("c"), AiMessage.from("d"));
    }

    @Test
    void aResultWithoutItsCallIsForgottenWithItsTurn() {
        var recollection = new Recollection(PLENTY, 100);
        recollection.add(first, new Item.FunctionCallOutput("1", "x"), 1);
        recollection.add(first, user("a"), 1);

        assertThat(recollection.remembered(2).messages()).isEmpty();
    }

    @Test
    void foldingKeepsTheNewestTurnsUpToHalfOfTheRoom() {
        var recollection = new Recollection(100, 100);
        for (int i = 0; i < 6; i++) {
            recollection.add(UUID.randomUUID(), user("turn " + i), 18);
        }

        assertThat(recollection.isFull()).isTrue();
        assertThat(recollection.remembered(6).messages()).hasSize(5);
        assertThat(recollection.newest(new Room(100, 100, 20), 6).remembered().messages())
                .containsExactly(UserMessage.from("turn 1"), UserMessage.from("turn 0"));
    }

    @Test
    void foldingKeepsTheNewestTurnThoughItTakesMoreThanHalf() {
        var recollection = new Recollection(100, 100);
        recollection.add(second, user("new"), 70);
        recollection.add(first, user("old"), 70);

        assertThat(recollection.newest(new Room(100, 100, 20), 2).first()).isEqualTo(second);
    }

    @Test
    void foldingTakesTheNewestTurnTooWhenItFitsNowhere() {
        var recollection = new Recollection(100, 100);
        recollection.add(second, user("new"), 170);

        assertThat(recollection.newest(new Room(100, 100, 20), 1).first()).isNull();
    }

    @Test
    void foldingSparesATurnThatWaitsForResults() {
        var recollection = new Recollection(100, 100);
        recollection.add(second, new Item.FunctionCall("1", "f", "{}"), 50);
        recollection.add(second, user("new"), 45);
        recollection.add(first, user("old"), 70);

        var newest = recollection.newest(new Room(100, 100, 20), 3);

        assertThat(newest.first()).isEqualTo(second);
        assertThat(newest.remembered().open()).isNotNull();
    }

    private static Item user(String text) {
        return Item.Message.user(text, null);
    }

    private static Item assistant(String text) {
        return Item.Message.assistant(text);
    }
}

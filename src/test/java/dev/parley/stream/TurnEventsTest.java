package dev.parley.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.stream.Delivery.End;
import dev.parley.stream.Delivery.Event;
import dev.parley.stream.Delivery.Notice;
import dev.parley.stream.Delivery.Silence;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Turns without a log; those with one are tested in `EventLogsIT`.
@Timeout(20)
class TurnEventsTest {

    private static final Duration NOT_LONG = Duration.ofMillis(1);

    private final TurnEvents events = events();
    private final ClientStream client = events.attach(-1);

    @Test
    void everyEventReachesItsClientInOrder() throws Exception {
        Reading.emit(events, 3);

        assertThat(Reading.some(client, 3)).isEqualTo(Reading.events(0, 3));
    }

    @Test
    void numbersHaveNoHolesAndNoRepeats() {
        assertThat(events.next()).isZero();
        assertThat(events.next()).isZero();
        assertThatIllegalStateException().isThrownBy(() -> events.emit(1, "too far"));
        events.emit(0, "first");
        assertThatIllegalStateException().isThrownBy(() -> events.emit(0, "again"));
        events.emitLast(1, "end");
        assertThatIllegalStateException().isThrownBy(() -> events.emit(2, "after the end"));
    }

    @Test
    void theLastEventWaitsForTheSettlement() throws Exception {
        Reading.emit(events, 1);
        events.emitLast(1, "end");

        assertThat(Reading.some(client, 1)).isEqualTo(Reading.events(0, 1));
        assertThat(client.next(NOT_LONG)).isInstanceOf(Silence.class);

        events.settled();
        events.close();
        assertThat(Reading.rest(client)).containsExactly(new Event(1, "end", true));
    }

    @Test
    void aTurnThatCannotBeSettledEndsWithOtherWords() throws Exception {
        events.emitLast(0, "end");
        events.endWith("data: not settled\n\n");

        assertThat(Reading.rest(client)).containsExactly(new Notice("data: not settled\n\n"));
    }

    @Test
    void aTurnThatFailsFirstFailsItsRequest() {
        var problem = Problem.of(ProblemKind.BAD_GATEWAY, "down", "Down.");
        events.fail(problem);

        assertThatThrownBy(() -> client.await(NOT_LONG)).isSameAs(problem);
    }

    @Test
    void waitingForTheFirstEventTakesNothingAway() throws Exception {
        assertThat(client.await(NOT_LONG)).isFalse();
        Reading.emit(events, 2);

        assertThat(client.await(NOT_LONG)).isTrue();
        assertThat(client.await(NOT_LONG)).isTrue();
        assertThat(Reading.some(client, 2)).isEqualTo(Reading.events(0, 2));
    }

    @Test
    void aTurnThatEndsWithoutAWordEndsItsStream() throws Exception {
        Reading.emit(events, 1);
        events.close();

        assertThat(Reading.rest(client)).isEqualTo(Reading.events(0, 1));
        assertThat(Reading.next(events.attach(0))).isInstanceOf(End.class);
    }

    @Test
    void aClientFarBehindWithoutALogIsCutOffAndOthersAreNot() throws Exception {
        var events = events("buffered-characters", "100");
        ClientStream slow = events.attach(-1);
        ClientStream fast = events.attach(-1);

        for (int i = 0; i < 10; i++) {
            Reading.emit(events, 1);
            assertThat(Reading.next(fast)).isInstanceOf(Event.class);
        }

        assertThat(Reading.rest(slow)).isEqualTo(Reading.events(0, 6));
    }

    @Test
    void aBurstIsNoReasonToCutAClientOff() throws Exception {
        Reading.emit(events, 10 * LiveQueue.CAPACITY);

        assertThat(Reading.some(client, 10 * LiveQueue.CAPACITY)).isEqualTo(Reading.events(0, 10 * LiveQueue.CAPACITY));
    }

    @Test
    void anAbandonedStreamEndsAndItsTurnGoesOn() throws Exception {
        client.abandon();
        Reading.emit(events, 1);

        assertThat(Reading.next(client)).isInstanceOf(End.class);
    }

    @Test
    void whoSaysSoCancelsOrLosesIt() {
        assertThat(events.isCancelled() || events.isLost()).isFalse();
        events.cancel();
        events.lose();
        assertThat(events.isCancelled() && events.isLost()).isTrue();
    }

    private static TurnEvents events(String... overrides) {
        return new TurnEvents(new Recording.None(UUID.randomUUID()), StreamSettings.with(overrides), _ -> {});
    }
}

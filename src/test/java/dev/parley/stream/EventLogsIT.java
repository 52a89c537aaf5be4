package dev.parley.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.postgres.TenantId;
import dev.parley.stream.Delivery.End;
import dev.parley.stream.Delivery.Event;
import dev.parley.stream.Delivery.Unfinished;
import dev.parley.testing.TestTenant;
import dev.parley.usage.Fate;
import dev.parley.usage.LastEvents;
import dev.parley.usage.Ticket;
import dev.parley.usage.TurnLost;
import dev.parley.usage.Turns;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@Timeout(60)
class EventLogsIT {

    private final EventLogs here;
    private final EventLogs elsewhere;
    private final EventLog log;
    private final TestTurn turns;
    private final TenantId tenant = TestTenant.create().id();

    EventLogsIT(EventLogs here, EventLog log, Turns settling, TestTurn turns) {
        this.here = here;
        this.elsewhere = new EventLogs(log, settling, StreamSettings.with());
        this.log = log;
        this.turns = turns;
    }

    @Test
    void anotherProcessFollowsATurnToItsEnd() throws Exception {
        Ticket ticket = turns.admit(tenant);
        try (var events = here.open(ticket, true)) {
            ClientStream client = elsewhere.follow(tenant, ticket.turn(), -1);
            Reading.emit(events, 5);
            assertThat(Reading.some(client, 5)).isEqualTo(Reading.events(0, 5));

            Reading.emit(events, 95);
            end(events, ticket);

            List<Delivery> rest = Reading.rest(client);
            assertThat(rest.subList(0, 95)).isEqualTo(Reading.events(5, 100));
            assertThat(rest.subList(95, rest.size())).containsExactly(new Event(100, "end", true));
        }
        assertThat(Reading.rest(here.follow(tenant, ticket.turn(), 99))).containsExactly(new Event(100, "end", true));
        assertThat(Reading.next(here.follow(tenant, ticket.turn(), 100))).isInstanceOf(End.class);
    }

    @Test
    void theEndIsReadableNotBeforeTheTurnIsSettled() throws Exception {
        Ticket ticket = turns.admit(tenant);
        try (var events = here.open(ticket, true)) {
            ClientStream client = events.attach(-1);
            Reading.emit(events, 3);
            events.emitLast(3, "end");
            awaitLogged(ticket, 2);
            LastEvents last = events.last();

            assertThat(last.first()).isEqualTo(3);
            assertThat(log.read(tenant, ticket.turn(), 2, 10).orElseThrow().events())
                    .isEmpty();
            assertThat(turns.settle(ticket, last)).isEqualTo(Fate.SETTLED);
            assertThat(log.read(tenant, ticket.turn(), 2, 10).orElseThrow().events())
                    .containsExactly(new Event(3, "end", true));

            assertThat(Reading.some(client, 3)).isEqualTo(Reading.events(0, 3));
            events.settled();
            assertThat(Reading.rest(client)).containsExactly(new Event(3, "end", true));
        }
    }

    @Test
    void aClientFarBehindGoesOnByTheLogAndMissesNothing() throws Exception {
        Ticket ticket = turns.admit(tenant);
        try (var events = here.open(ticket, true)) {
            ClientStream slow = events.attach(-1);
            Reading.emit(events, 3000);
            end(events, ticket);

            List<Delivery> all = Reading.rest(slow);
            assertThat(all.subList(0, 3000)).isEqualTo(Reading.events(0, 3000));
            assertThat(all.getLast()).isEqualTo(new Event(3000, "end", true));
        }
    }

    @Test
    void aClientThatComesBackReadsWhatItMissedAndThenLive() throws Exception {
        Ticket ticket = turns.admit(tenant);
        try (var events = here.open(ticket, true)) {
            Reading.emit(events, 50);
            ClientStream back = here.follow(tenant, ticket.turn(), 9);
            assertThat(Reading.some(back, 40)).isEqualTo(Reading.events(10, 50));

            Reading.emit(events, 1);
            assertThat(Reading.some(back, 1)).isEqualTo(Reading.events(50, 51));
        }
    }

    @Test
    void whatTheLogToldBeforeItCameLiveHoldsNothingBack() throws Exception {
        Ticket ticket = turns.admit(tenant);
        var out = new FlushedOutput();
        try (var events = here.open(ticket, true)) {
            Reading.emit(events, 5);
            ClientStream back = here.follow(tenant, ticket.turn(), 0);
            Reading.emit(events, 5);
            awaitLogged(ticket, 9);
            var writing = CompletableFuture.runAsync(
                    () -> out.take(back), task -> Thread.ofVirtual().start(task));
            await().until(() -> out.flushed().endsWith(Reading.frame(9)));

            Reading.emit(events, 1);
            await().until(() -> out.flushed().endsWith(Reading.frame(10)));
            end(events, ticket);
            writing.join();
            assertThat(out.flushed()).startsWith(Reading.frame(1)).endsWith("end");
        }
    }

    @Test
    void aTurnThatIsNotSettledByItsOwnerLeavesItsClientToTheLog() throws Exception {
        Ticket ticket = turns.admit(tenant);
        ClientStream client;
        try (var events = here.open(ticket, true)) {
            client = events.attach(-1);
            Reading.emit(events, 5);
            awaitLogged(ticket, 4);
            events.emitLast(5, "never settled");
        }
        turns.letLeaseRunOut(ticket);

        List<Delivery> all = Reading.rest(client);
        assertThat(all.subList(0, 5)).isEqualTo(Reading.events(0, 5));
        assertThat(all.getLast()).isEqualTo(new Unfinished(1024, 4));
    }

    @Test
    void aDeadTurnEndsWithANumberThatNobodyHasUsedAndNamesTheLastDurableOne() throws Exception {
        Ticket ticket = turns.admit(tenant);
        TurnEvents dead = here.open(ticket, true); // never closed, like that of a process that was killed
        Reading.emit(dead, 50);
        awaitLogged(ticket, 49);
        turns.letLeaseRunOut(ticket);

        assertThat(Reading.rest(elsewhere.follow(tenant, ticket.turn(), 39)))
                .isEqualTo(and(Reading.events(40, 50), new Unfinished(1024, 49)));
        assertThat(turns.status(ticket)).isEqualTo("failed");

        // It lives after all, and can write nothing: not a number gets a second content.
        Reading.emit(dead, 900);
        await().until(dead::isLost);
        assertThat(Reading.rest(elsewhere.follow(tenant, ticket.turn(), 48)))
                .isEqualTo(and(Reading.events(49, 50), new Unfinished(1024, 49)));
        assertThat(Reading.rest(elsewhere.follow(tenant, ticket.turn(), 900)))
                .as("a client that got more live")
                .containsExactly(new Unfinished(1024, 49));
        assertThat(Reading.next(elsewhere.follow(tenant, ticket.turn(), 1024))).isInstanceOf(End.class);
        assertThatThrownBy(() -> Reading.emit(dead, 1000)).isInstanceOf(TurnLost.class);
        dead.close();
    }

    @Test
    void aLongStreamNeverUsesANumberBeforeItIsLeased() throws Exception {
        Ticket ticket = turns.admit(tenant);
        TurnEvents dead = here.open(ticket, true);
        for (int emitted = 5000; emitted <= 20_000; emitted += 5000) {
            Reading.emit(dead, 5000);
            awaitLogged(ticket, emitted - 1);
        }
        turns.letLeaseRunOut(ticket);

        var end = (Unfinished) Reading.next(elsewhere.follow(tenant, ticket.turn(), 19_999));
        assertThat(end.lastDurable()).isEqualTo(19_999);
        assertThat(end.sequence()).isGreaterThan(20_000);
        dead.close();
    }

    @Test
    void aCancellationIsSeenAtTheNextFlush() {
        Ticket ticket = turns.admit(tenant);
        try (var events = here.open(ticket, true)) {
            turns.requestCancel(ticket);
            assertThat(events.isCancelled()).isFalse();
            Reading.emit(events, 1);
            await().until(events::isCancelled);
            awaitLogged(ticket, 0);
        }
    }

    @Test
    void aFlushWhoseAnswerWasLostIsNotReadTwice() {
        Ticket ticket = turns.admit(tenant);
        for (int next : new int[] {3, 5, 3}) { // sent, sent again with more, and the first one comes late
            assertThat(log.append(ticket, new Flush(0, events(0, next), 0))).isEqualTo(Flush.Verdict.FLUSHED);
        }
        assertThat(log.read(tenant, ticket.turn(), -1, 10).orElseThrow().events())
                .isEqualTo(events(0, 5));
        assertThat(log.read(tenant, ticket.turn(), 2, 10).orElseThrow().events())
                .isEqualTo(events(3, 5));

        assertThat(turns.settle(ticket, log.encodeLast(tenant, events(0, 8)))).isEqualTo(Fate.SETTLED);
        assertThat(log.append(ticket, new Flush(5, events(5, 6), 0))).isEqualTo(Flush.Verdict.LOST);
        assertThat(log.read(tenant, ticket.turn(), 4, 10).orElseThrow().events())
                .isEqualTo(events(5, 8));
        assertThat(turns.rows(tenant, ticket.turn())).containsExactly(0L);
    }

    @Test
    void aLogThatIsGoneEndsUnfinished() throws Exception {
        Ticket ticket = turns.admit(tenant);
        turns.settle(ticket, null);

        assertThat(Reading.rest(here.follow(tenant, ticket.turn(), -1))).containsExactly(new Unfinished(1024, -1));
    }

    @Test
    void anotherTenantReadsNothing() throws Exception {
        Ticket ticket = turns.admit(tenant);
        log.append(ticket, new Flush(0, events(0, 3), 0));
        TenantId other = TestTenant.create().id();

        assertThat(log.read(other, ticket.turn(), -1, 10)).isEmpty();
        assertThat(Reading.next(here.follow(other, ticket.turn(), -1))).isInstanceOf(End.class);
    }

    private void end(TurnEvents events, Ticket ticket) {
        events.emitLast(events.next(), "end");
        assertThat(turns.settle(ticket, events.last())).isEqualTo(Fate.SETTLED);
        events.settled();
    }

    private void awaitLogged(Ticket ticket, long sequence) {
        await().until(() -> log.last(tenant, ticket.turn())
                .filter(event -> event.sequence() == sequence)
                .isPresent());
    }

    private static List<Event> events(long first, long next) {
        return LongStream.range(first, next)
                .mapToObj(sequence -> new Event(sequence, Reading.frame(sequence), false))
                .toList();
    }

    private static List<Delivery> and(List<Delivery> first, Delivery last) {
        first.add(last);
        return first;
    }
}

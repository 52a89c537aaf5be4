package dev.parley.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.stream.Delivery.Event;
import dev.parley.stream.Delivery.Lost;
import dev.parley.testing.TestTenant;
import dev.parley.usage.Fate;
import dev.parley.usage.Ticket;
import dev.parley.usage.Turns;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The log of one turn is away: its flushes wait for a lock that the test holds, and their connections are killed.
@QuarkusTest
@Timeout(60)
class OutageIT {

    private static final String BLOCKED =
            "SELECT pid FROM pg_stat_activity WHERE ? = ANY (pg_blocking_pids(pid)) AND query LIKE '%flush_events%'";

    private final EventLogs logs;
    private final EventLogs small;
    private final TestTurn turns;
    private final Flyway flyway;
    private final TenantId tenant = TestTenant.create().id();

    OutageIT(EventLogs logs, EventLog log, Turns settling, TestTurn turns, Flyway flyway) {
        this.logs = logs;
        this.small = new EventLogs(log, settling, StreamSettings.with("log-buffer", "50"));
        this.turns = turns;
        this.flyway = flyway;
    }

    @Test
    void aStreamGoesOnToItsClientAndItsLogCatchesUp() throws Exception {
        Ticket ticket = turns.admit(tenant);
        try (var events = logs.open(ticket, true);
                Connection owner = lock(ticket)) {
            ClientStream client = events.attach(-1);
            Reading.emit(events, 500);
            assertThat(Reading.some(client, LiveQueue.CAPACITY)).isEqualTo(Reading.events(0, LiveQueue.CAPACITY));
            killFlush(owner);
            killFlush(owner); // the next attempt
            owner.rollback();

            end(events, ticket);
            List<Delivery> rest = Reading.rest(client);
            assertThat(rest.subList(0, rest.size() - 1)).isEqualTo(Reading.events(LiveQueue.CAPACITY, 500));
            assertThat(rest.getLast()).isEqualTo(new Event(500, "end", true));
            assertThat(Reading.rest(logs.follow(tenant, ticket.turn(), -1))).hasSize(501);
        }
    }

    @Test
    void aLogThatWaitedTooLongIsGivenUpAndItsFollowersAreToldWhatIsMissing() throws Exception {
        Ticket ticket = turns.admit(tenant);
        try (var events = small.open(ticket, true)) {
            ClientStream client = events.attach(-1);
            Reading.emit(events, 5);
            await().until(() -> !turns.rows(tenant, ticket.turn()).isEmpty());
            try (Connection owner = lock(ticket)) {
                Reading.emit(events, 30);
                killFlush(owner);
                Reading.emit(events, 65);
                owner.rollback();
            }
            end(events, ticket);

            List<Delivery> logged = Reading.rest(logs.follow(tenant, ticket.turn(), -1));
            int durable = logged.size() - 2;
            assertThat(logged.subList(0, durable)).isNotEmpty().isEqualTo(Reading.events(0, durable));
            assertThat(logged.subList(durable, logged.size()))
                    .containsExactly(new Lost(durable, 100), new Event(100, "end", true));
            List<Delivery> live = Reading.rest(client);
            assertThat(live.subList(0, 100)).isEqualTo(Reading.events(0, 100));
            assertThat(live.getLast()).isEqualTo(new Event(100, "end", true));
        }
    }

    private void end(TurnEvents events, Ticket ticket) {
        events.emitLast(events.next(), "end");
        assertThat(turns.settle(ticket, events.last())).isEqualTo(Fate.SETTLED);
        events.settled();
    }

    /// Of a role that row-level security does not keep from the row.
    private Connection lock(Ticket ticket) throws SQLException {
        Connection owner = connect();
        owner.setAutoCommit(false);
        Sql.update(owner, "SET LOCAL ROLE parley_system");
        Sql.first(
                owner,
                "SELECT id FROM turns WHERE tenant_id = ? AND id = ? FOR UPDATE",
                _ -> true,
                ticket.tenant(),
                ticket.turn());
        Sql.update(owner, "RESET ROLE");
        return owner;
    }

    private void killFlush(Connection lock) throws SQLException {
        int holder =
                Sql.first(lock, "SELECT pg_backend_pid()", row -> row.getInt(1)).orElseThrow();
        try (Connection owner = connect()) { // within a transaction, what runs is not told anew
            int flush = await().until(
                            () -> Sql.first(owner, BLOCKED, row -> row.getInt(1), holder)
                                    .orElse(0),
                            pid -> pid > 0);
            Sql.first(owner, "SELECT pg_terminate_backend(?)", row -> row.getBoolean(1), flush);
        }
    }

    private Connection connect() throws SQLException {
        return flyway.getConfiguration().getDataSource().getConnection();
    }
}

package dev.parley.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/// The database was away, and leases ran out meanwhile: until it has been back for a while their owners live.
@QuarkusTest
class LeaseGraceIT {

    private static final String REAP = """
            SELECT verdict FROM settle(?, jsonb_build_array(jsonb_build_object('n', 1, 'id', ?::text, 'status', 'failed',
                'reap', true, 'keeps_key', true, 'lines', '[]'::jsonb)), ARRAY[NULL::bytea], ARRAY[NULL::bytea], '[]', '{}')""";

    private static final String TAKE_OVER = """
            SELECT verdict FROM admit(?, jsonb_build_array(jsonb_build_object('n', 1, 'id', gen_random_uuid(),
                'kind', 'response', 'caller', 'c', 'model', 'm', 'conversation_id', ?::text, 'background', false,
                'stored', false, 'micros', 0, 'tokens', 0, 'token', gen_random_uuid(), 'lease_ms', 1000)),
                ARRAY[NULL::bytea])""";

    private final Admissions admissions;
    private final Settlements settlements;
    private final Turns turns;
    private final Transactions transactions;
    private final Flyway flyway;
    private final TestTenant tenant = TestTenant.create();
    private final Books books;

    LeaseGraceIT(
            Admissions admissions, Settlements settlements, Turns turns, Transactions transactions, Flyway flyway) {
        this.admissions = admissions;
        this.settlements = settlements;
        this.turns = turns;
        this.transactions = transactions;
        this.flyway = flyway;
        this.books = new Books(transactions, tenant);
    }

    private Ticket overdue(UUID conversation) {
        Application wanted = Application.of(tenant.id()).in(conversation);
        Ticket ticket = ((Verdict.Admitted) admissions.admit(wanted.admission())).ticket();
        books.endLease(ticket.turn());
        return ticket;
    }

    @Test
    void nobodyTakesATurnFromItsOwnerWhileTheDatabaseIsJustBack() throws SQLException {
        UUID conversation = books.conversation();
        Ticket ticket = overdue(conversation);

        try (Connection justBack = session("100 years")) {
            assertThat(overdueTurns(justBack)).doesNotContain(ticket.turn());
            assertThat(verdict(justBack, REAP, ticket.turn())).isEqualTo("alive");
            assertThat(verdict(justBack, TAKE_OVER, conversation)).isEqualTo("conversation_locked");
        }
        TurnStatus found = transactions.inTenant(tenant.id(), connection -> {
            Sql.first(connection, "SELECT set_config('parley.lease_grace', '100 years', true)", _ -> true);
            return turns.find(tenant.id(), ticket.turn()).orElseThrow().status();
        });
        assertThat(found).isEqualTo(TurnStatus.IN_PROGRESS);

        var outcome = new Settlement.Outcome(true, "said".getBytes(), List.of(), null);
        assertThat(settlements.settle(new Settlement(ticket, TurnStatus.COMPLETED, List.of(), conversation, outcome)))
                .isEqualTo(Fate.SETTLED);
    }

    @Test
    void afterTheGraceATurnIsAnybodys() throws SQLException {
        UUID conversation = books.conversation();
        Ticket taken = overdue(conversation);
        Ticket reaped = overdue(books.conversation());

        try (Connection backForLong = session("0")) {
            assertThat(overdueTurns(backForLong)).contains(taken.turn(), reaped.turn());
            assertThat(verdict(backForLong, TAKE_OVER, conversation)).isEqualTo("admitted");
            assertThat(verdict(backForLong, REAP, reaped.turn())).isEqualTo("settled");
        }
    }

    @Test
    void theGraceIsAMinuteAfterTheStart() throws SQLException {
        String rule = "SELECT (lease_horizon() = '-infinity') "
                + "= (pg_postmaster_start_time() > now() - interval '1 minute')";
        try (Connection plain = flyway.getConfiguration().getDataSource().getConnection()) {
            assertThat(Sql.first(plain, rule, row -> row.getBoolean(1))).contains(true);
        }
    }

    private Connection session(String grace) throws SQLException {
        Connection connection = flyway.getConfiguration().getDataSource().getConnection();
        Sql.update(connection, "SET ROLE parley_app");
        Sql.first(connection, "SELECT set_config('parley.lease_grace', ?, false)", _ -> true, grace);
        return connection;
    }

    private static List<UUID> overdueTurns(Connection connection) throws SQLException {
        return Sql.list(connection, "SELECT id FROM overdue_turns(100000)", row -> row.getObject("id", UUID.class));
    }

    private String verdict(Connection connection, String sql, UUID of) throws SQLException {
        return Sql.first(connection, sql, row -> row.getString(1), tenant.id(), of.toString())
                .orElseThrow();
    }
}

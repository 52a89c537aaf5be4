package dev.parley.stream;

import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.stream.Delivery.Event;
import dev.parley.usage.LastEvents;
import dev.parley.usage.Leases;
import dev.parley.usage.Ticket;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The events of turns in the database, one row per flush.
@ApplicationScoped
public class EventLog {

    private static final String FLUSH = "SELECT flush_events(?, ?, ?, ?, ?, ?, ?)";

    /// Begins with the row that holds the wanted event, which may be in its middle. State and events are of one
    /// moment: a turn that is over here has all its events here. (`coalesce` stands inside, because outside it
    /// is no leakproof condition, and row-level security would keep the key from serving it.)
    static final String READ = """
            SELECT t.status NOT IN ('queued', 'in_progress') AS over,
                   coalesce(t.status = 'in_progress' AND t.lease_until < lease_horizon(), false) AS overdue,
                   t.leased_sequence, e.first_sequence, e.events
              FROM turns t LEFT JOIN (
                   SELECT r.first_sequence, r.events FROM turn_events r
                    WHERE r.tenant_id = ? AND r.slot = turn_slot(?) AND r.turn_id = ?
                      AND r.first_sequence >= (
                          SELECT coalesce(max(b.first_sequence), 0) FROM turn_events b
                           WHERE b.tenant_id = ? AND b.slot = turn_slot(?) AND b.turn_id = ?
                             AND b.first_sequence <= ?)
                    ORDER BY r.first_sequence LIMIT ?) e ON true
             WHERE t.tenant_id = ? AND t.id = ?
             ORDER BY e.first_sequence
            """;

    static final String LAST = """
            SELECT e.first_sequence, e.events FROM turn_events e
             WHERE e.tenant_id = ? AND e.slot = turn_slot(?) AND e.turn_id = ?
             ORDER BY e.first_sequence DESC LIMIT 1
            """;

    private final Transactions transactions;
    private final ContentCodec codec;
    private final Leases leases;

    EventLog(Transactions transactions, ContentCodec codec, Leases leases) {
        this.transactions = transactions;
        this.codec = codec;
        this.leases = leases;
    }

    /// Events after the given one; empty when there is no such turn.
    ///
    /// @param after -1 for all
    /// @param rows flushes at most
    /// @throws dev.parley.problem.Problem (503) when the database is away
    public Optional<LogPage> read(TenantId tenant, UUID turn, long after, int rows) {
        List<Row> found = transactions.list(
                tenant, READ, Row::of, tenant, turn, turn, tenant, turn, turn, after + 1, rows, tenant, turn);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var events = new ArrayList<Event>();
        for (Row row : found) {
            row.events(codec, tenant).stream()
                    .filter(event -> event.sequence() > after)
                    .forEach(events::add);
        }
        Row turnNow = found.getFirst();
        return Optional.of(new LogPage(turnNow.over, turnNow.overdue, turnNow.leasedSequence, events));
    }

    /// The last event of a turn that is in the log; empty for none.
    Optional<Event> last(TenantId tenant, UUID turn) {
        return transactions
                .inTenant(
                        tenant,
                        connection -> Sql.first(
                                connection,
                                LAST,
                                row -> EventRow.read(
                                        row.getLong("first_sequence"), codec.decode(tenant, row.getBytes("events"))),
                                tenant,
                                turn,
                                turn))
                .map(List::getLast);
    }

    /// May be repeated, with more events too: what is written stays as it is. A turn that should stop is told so, also
    /// while it waits for a provider.
    Flush.Verdict append(Ticket ticket, Flush flush) {
        Flush.Verdict verdict = write(ticket, flush);
        switch (verdict) {
            case FLUSHED -> {}
            case CANCELLED -> leases.cancel(ticket.turn());
            case LOST -> leases.lose(ticket.turn());
        }
        return verdict;
    }

    private Flush.Verdict write(Ticket ticket, Flush flush) {
        return transactions.withoutTenant(connection -> Sql.first(
                        connection,
                        FLUSH,
                        row -> Flush.Verdict.valueOf(row.getString(1).toUpperCase(Locale.ROOT)),
                        ticket.tenant(),
                        ticket.turn(),
                        ticket.token(),
                        flush.first(),
                        flush.next(),
                        flush.lease(),
                        encode(ticket.tenant(), flush.events()))
                .orElseThrow());
    }

    /// For a settlement; null when nothing is left.
    @Nullable
    LastEvents encodeLast(TenantId tenant, List<Event> events) {
        return events.isEmpty()
                ? null
                : new LastEvents(events.getFirst().sequence(), events.getLast().sequence() + 1, encode(tenant, events));
    }

    private byte[] encode(TenantId tenant, List<Event> events) {
        return codec.encode(tenant, EventRow.write(events));
    }

    private record Row(boolean over, boolean overdue, long leasedSequence, long first, byte @Nullable [] events) {

        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    row.getBoolean("over"),
                    row.getBoolean("overdue"),
                    row.getLong("leased_sequence"),
                    row.getLong("first_sequence"),
                    row.getBytes("events"));
        }

        List<Event> events(ContentCodec codec, TenantId tenant) {
            return events == null ? List.of() : EventRow.read(first, codec.decode(tenant, events));
        }
    }
}

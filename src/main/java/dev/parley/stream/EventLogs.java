package dev.parley.stream;

import dev.parley.postgres.TenantId;
import dev.parley.usage.LastEvents;
import dev.parley.usage.Ticket;
import dev.parley.usage.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The turns that run in this process, as their clients see them, and the way to those that run elsewhere or are over.
@ApplicationScoped
public class EventLogs {

    private final EventLog log;
    private final Turns turns;
    private final StreamConfig config;
    private final Semaphore flushes;
    private final ConcurrentMap<UUID, TurnEvents> running = new ConcurrentHashMap<>();

    EventLogs(EventLog log, Turns turns, StreamConfig config) {
        this.log = log;
        this.turns = turns;
        this.config = config;
        this.flushes = new Semaphore(config.flushes());
    }

    /// For the owner of a turn that has emitted nothing so far. Close it.
    ///
    /// @param logged whether clients may resume; without, one that falls 2 M characters behind is cut off
    public TurnEvents open(Ticket ticket, boolean logged) {
        if (!logged) {
            return new TurnEvents(new Recording.None(ticket.turn()), config, _ -> {});
        }
        var bounds = new LogBuffer.Bounds(config.logBuffer(), config.bufferedCharacters());
        var buffer = new LogBuffer(new SequenceLease(), bounds);
        var flusher = new Flusher(ticket, log, buffer, flushes);
        var recording = new Recording.Logged(ticket.turn(), buffer, flusher, this);
        var events = new TurnEvents(recording, config, closed -> running.remove(ticket.turn(), closed));
        running.put(ticket.turn(), events);
        flusher.start();
        return events;
    }

    /// For a client that comes to a logged turn, or comes back. The turn must be the tenant's.
    ///
    /// @param after the last event the client has; -1 for all
    public ClientStream follow(TenantId tenant, UUID turn, long after) {
        TurnEvents here = running.get(turn);
        return here == null ? new ClientStream(null, follower(tenant, turn), after) : here.attach(after);
    }

    Follower follower(TenantId tenant, UUID turn) {
        return new Follower(tenant, turn, log, turns, config.outagePatience());
    }

    @Nullable
    LastEvents encodeLast(Ticket ticket, List<Delivery.Event> events) {
        return log.encodeLast(ticket.tenant(), events);
    }
}

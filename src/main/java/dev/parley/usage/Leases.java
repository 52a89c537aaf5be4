package dev.parley.usage;

import dev.parley.invocation.Deadline;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The turns that run in this process: all their leases are renewed by one statement, which also tells which of them
/// are cancelled. A turn that ends within a third of its lease costs nothing here.
@ApplicationScoped
public class Leases {

    private static final Logger LOG = Logger.getLogger(Leases.class);

    /// Between two attempts while the database is away: what ends meanwhile is told as soon as it is back.
    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final String RENEW = "SELECT * FROM renew_turns(?, ?, ?, ?)";

    private final Transactions transactions;
    private final Duration lease;
    private final Map<UUID, Lease> running = new ConcurrentHashMap<>();
    private @Nullable Thread renewer;
    private boolean stopped;

    Leases(Transactions transactions, UsageConfig config) {
        this.transactions = transactions;
        this.lease = config.lease();
    }

    /// Keeps the turn its owner's until the lease is closed.
    ///
    /// @param deadline of the invocation that asked for the turn
    public Lease keep(Ticket ticket, Deadline deadline) {
        return keep(ticket, new Interruptible(), deadline);
    }

    /// Goes on keeping a turn that is over and waits to be settled: the lease before may be closed without an effect.
    Lease keepOn(Ticket ticket) {
        Lease before = running.get(ticket.turn());
        return keep(ticket, new Interruptible(), before == null ? Deadline.NONE : before.deadline());
    }

    Lease keep(Ticket ticket, Interruptible work, Deadline deadline) {
        var kept = new Lease(ticket, running, work, deadline);
        running.put(ticket.turn(), kept);
        startRenewer();
        return kept;
    }

    /// Whether this process owns the turn, as far as it knows.
    boolean isKept(UUID turn) {
        return running.containsKey(turn);
    }

    /// How many turns run in this process, those included that only wait to be settled.
    public int running() {
        return running.size();
    }

    /// Ends the turns of this process where they are.
    void stopAll() {
        running.values().forEach(Lease::stop);
    }

    /// Tells the turn at once if it runs here; elsewhere its owner hears of it with its next flush or renewal.
    public void cancel(UUID turn) {
        Lease here = running.get(turn);
        if (here != null) {
            here.cancel();
        }
    }

    /// The turn is not this process's any more: whoever found out tells the one who works on it.
    public void lose(UUID turn) {
        Lease here = running.get(turn);
        if (here != null) {
            here.lose();
        }
    }

    private synchronized void startRenewer() {
        if (renewer == null && !stopped) {
            renewer = Thread.ofVirtual().name("turn-leases").start(this::renewForEver);
        }
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        stopped = true;
        if (renewer != null) {
            renewer.interrupt();
        }
    }

    private void renewForEver() {
        boolean renewed = true;
        try {
            while (true) {
                Thread.sleep(renewed ? lease.dividedBy(3) : RETRY);
                renewed = renew(renewed ? Logger.Level.WARN : Logger.Level.DEBUG);
            }
        } catch (InterruptedException stop) {
            LOG.debug("No more leases to renew");
        }
    }

    /// @param ofFailure an outage is worth one warning
    private boolean renew(Logger.Level ofFailure) {
        List<Lease> due = running.values().stream()
                .filter(each -> each.isOlderThan(lease.dividedBy(6)))
                .toList();
        if (due.isEmpty()) {
            return true;
        }
        try {
            Map<UUID, Boolean> ours = renew(due);
            due.forEach(each -> each.renewed(ours.get(each.ticket().turn())));
            return true;
        } catch (RuntimeException | Error failure) {
            LOG.logf(ofFailure, "Leases could not be renewed: %s", failure.getMessage());
            return false;
        }
    }

    /// Whether each is cancelled, by turn; turns that are lost are missing.
    private Map<UUID, Boolean> renew(List<Lease> due) {
        var tenants = new ArrayList<UUID>();
        var turns = new ArrayList<UUID>();
        var tokens = new ArrayList<UUID>();
        for (Lease each : due) {
            tenants.add(each.ticket().tenant().value());
            turns.add(each.ticket().turn());
            tokens.add(each.ticket().token());
        }
        var ours = new HashMap<UUID, Boolean>();
        transactions.withoutTenant(connection -> Sql.list(
                connection,
                RENEW,
                row -> ours.put(Sql.uuid(row, "id"), row.getBoolean("cancel_requested")),
                tenants,
                turns,
                tokens,
                lease.toMillis()));
        return ours;
    }
}

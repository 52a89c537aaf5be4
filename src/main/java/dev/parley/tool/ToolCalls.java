package dev.parley.tool;

import dev.parley.model.Spend;
import dev.parley.postgres.TenantId;
import dev.parley.usage.Ticket;
import io.quarkus.virtual.threads.VirtualThreads;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The calls of turns.
@ApplicationScoped
public class ToolCalls {

    private static final Logger LOG = Logger.getLogger(ToolCalls.class);

    private final CallLedger ledger;
    private final CallRunner runner;
    private final ExecutorService threads;
    private final CallsConfig config;
    private final Toolbox toolbox;

    ToolCalls(
            CallLedger ledger,
            CallRunner runner,
            @VirtualThreads ExecutorService threads,
            CallsConfig config,
            Toolbox toolbox) {
        this.toolbox = toolbox;
        this.ledger = ledger;
        this.runner = runner;
        this.threads = threads;
        this.config = config;
    }

    /// Whose calls they are.
    ///
    /// @param user the end user; null for nobody in particular
    /// @param spend pays for what tools ask of models, and ends what is waited for when the turn has to end
    public record Turn(Ticket ticket, @Nullable String user, Tools tools, Spend spend) {

        TenantId tenant() {
            return ticket.tenant();
        }
    }

    public TurnCalls of(Turn turn) {
        return new TurnCalls(turn, desk());
    }

    Desk desk() {
        return new Desk(ledger, runner, threads, config, toolbox);
    }

    /// What a turn has at hand for its calls.
    record Desk(CallLedger ledger, CallRunner runner, ExecutorService threads, CallsConfig config, Toolbox toolbox) {}

    /// What the turn asked for, and what it ran of an earlier one's, in order.
    public List<StoredCall> ofTurn(TenantId tenant, UUID turn) {
        return ledger.ofTurn(tenant, turn);
    }

    /// Those of them that may have changed something.
    public List<StoredCall> effectsOfTurn(TenantId tenant, UUID turn) {
        return ofTurn(tenant, turn).stream()
                .filter(call -> call.asked().effects())
                .toList();
    }

    /// The same for who has to tell something either way: none where the database is away.
    public List<StoredCall> knownEffectsOfTurn(TenantId tenant, UUID turn) {
        try {
            return effectsOfTurn(tenant, turn);
        } catch (RuntimeException away) {
            LOG.warnf("The calls of turn %s could not be read: %s", turn, away.getMessage());
            return List.of();
        }
    }

    /// Those that are on record.
    public List<StoredCall> find(TenantId tenant, List<CallId> ids) {
        return ledger.find(tenant, ids);
    }

    /// Decides calls that wait. Those that wait no more stay as they are.
    ///
    /// @param by the key that decides
    public void decide(TenantId tenant, UUID by, List<Decision> decisions) {
        decisions.forEach(each -> ledger.decide(tenant, each.call, each.approved, by, each.reason));
    }

    /// @param reason null when none is given
    public record Decision(
            CallId call, boolean approved, @Nullable String reason) {}
}

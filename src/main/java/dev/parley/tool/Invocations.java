package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Caller;
import dev.parley.invocation.Deadline;
import dev.parley.invocation.Deadlines;
import dev.parley.model.Bound;
import dev.parley.model.Spend;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.usage.Admission;
import dev.parley.usage.Admissions;
import dev.parley.usage.Lease;
import dev.parley.usage.Leases;
import dev.parley.usage.Payer;
import dev.parley.usage.Settlement;
import dev.parley.usage.Settlements;
import dev.parley.usage.Ticket;
import dev.parley.usage.TopUps;
import dev.parley.usage.TurnKind;
import dev.parley.usage.TurnLost;
import dev.parley.usage.TurnSpend;
import dev.parley.usage.TurnStatus;
import dev.parley.usage.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Calls of tools that no model asked for. Each is a turn of its own, with the rates, budgets and idempotency keys of
/// one; limits of the scope `model` count it by the tool's name.
@ApplicationScoped
public class Invocations {

    private final Toolbox toolbox;
    private final ToolCalls calls;
    private final Admissions admissions;
    private final Leases leases;
    private final TopUps topUps;
    private final Settlements settlements;
    private final Deadlines deadlines;

    Invocations(
            Toolbox toolbox,
            ToolCalls calls,
            Admissions admissions,
            Leases leases,
            TopUps topUps,
            Settlements settlements,
            Deadlines deadlines) {
        this.toolbox = toolbox;
        this.calls = calls;
        this.admissions = admissions;
        this.leases = leases;
        this.topUps = topUps;
        this.settlements = settlements;
        this.deadlines = deadlines;
    }

    /// A call that was asked for.
    ///
    /// @param tools the one that is called
    private record Asked(Caller caller, Tools tools, ToolCall call) {

        TenantId tenant() {
            return caller.tenant();
        }
    }

    /// Makes the call, or tells what the same request became before. A call that waits for an approval is made when
    /// its request is repeated after that.
    ///
    /// @param key the client's `Idempotency-Key`; null for none
    /// @throws Problem (404) for a tool that is not there, (403) for one that the caller may not call, (409) while
    /// the same request is under way, (422) for a key of another request, (429) for a rate or a budget
    public ToolResult invoke(Caller caller, String tool, JsonNode arguments, @Nullable String key) {
        Tools tools = toolbox.open(caller, ToolSelection.named(Set.of(tool)), "name");
        var asked = new Asked(caller, tools, ToolCall.of(tool, arguments.toString()));
        if (key == null && tools.find(tool).orElseThrow().info().traits().approval()) {
            throw keyNeeded(tool);
        }
        byte[] body = CallDigest.of(tool, arguments).getBytes(StandardCharsets.US_ASCII);
        IdempotencyKey idempotencyKey = IdempotencyKey.of(key, "tool " + tool, body);
        return switch (admit(asked, idempotencyKey)) {
            case Verdict.Admitted admitted ->
                run(asked, admitted.ticket(), turn -> turn.run(List.of(asked.call), _ -> {}));
            case Verdict.Repeated repeated -> repeated(asked, repeated.turn());
        };
    }

    private Verdict admit(Asked asked, @Nullable IdempotencyKey key) {
        return admissions.admit(new Admission(
                Ids.next(),
                TurnKind.TOOL_CALL,
                Payer.of(asked.caller, null),
                asked.call.tool(),
                Bound.NOTHING,
                key,
                Admission.Thread.NONE));
    }

    private ToolResult run(Asked asked, Ticket ticket, Function<TurnCalls, List<ToolResult>> work) {
        try (Lease lease = leases.keep(ticket, deadlines.current())) {
            TurnSpend spend = topUps.open(lease);
            var turn = new ToolCalls.Turn(ticket, asked.caller.user(), asked.tools, spend);
            var done = false;
            try {
                ToolResult result = work.apply(calls.of(turn)).getFirst();
                done = true;
                return result;
            } catch (TurnLost | CancellationException ended) {
                throw lease.isOutOfTime() ? outOfTime() : lost();
            } finally {
                settlements.settleSurely(new Settlement(
                        ticket,
                        done ? TurnStatus.COMPLETED : TurnStatus.FAILED,
                        spend.paid(),
                        null,
                        new Settlement.Outcome(done, null, List.of(), null)));
            }
        }
    }

    private ToolResult repeated(Asked asked, UUID first) {
        StoredCall stored =
                calls.ofTurn(asked.tenant(), first).stream().findFirst().orElseThrow(Invocations::notOnRecord);
        if (stored.shownStatus() != CallStatus.APPROVED && stored.shownStatus() != CallStatus.IN_DOUBT) {
            return new Standing(calls.desk())
                    .of(stored, asked.tools.find(stored.asked().tool()), Spend.UNMETERED);
        }
        return switch (admit(asked, null)) {
            case Verdict.Admitted admitted ->
                run(asked, admitted.ticket(), turn -> turn.resume(List.of(stored.id()), _ -> {}));
            case Verdict.Repeated _ -> throw new IllegalStateException("It has no idempotency key");
        };
    }

    private static Problem outOfTime() {
        return Problem.of(
                ProblemKind.TIMED_OUT,
                Deadline.REACHED,
                "The call took longer than the function may run and was ended. GET /v1/tool_calls tells how it stands.");
    }

    private static Problem keyNeeded(String tool) {
        return Problem.invalid(
                IdempotencyKey.HEADER,
                "The tool '%s' needs an approval for each call: send an 'Idempotency-Key', and repeat the request when the call is approved."
                        .formatted(tool));
    }

    /// What has effects is on record before it runs, so this had none, or has not begun.
    private static Problem notOnRecord() {
        return Problem.of(
                ProblemKind.CONFLICT,
                "request_in_progress",
                "A request with this Idempotency-Key is under way, or its process died before it made the call. If it does not end, use another key: nothing has taken effect.");
    }

    private static Problem lost() {
        return Problem.of(
                ProblemKind.UNAVAILABLE,
                "turn_lost",
                "The call was stopped. Repeat the request with the same Idempotency-Key to learn what became of it.");
    }
}

package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// The calls of one turn, round by round. Not for several threads at once.
///
/// A call with effects is on record before it runs, in the name of the turn's lease; the others are written down at the
/// end of their round. The same call is never made twice in a turn.
public final class TurnCalls {

    private static final Logger LOG = Logger.getLogger(TurnCalls.class);

    private final ToolCalls.Turn turn;
    private final ToolCalls.Desk desk;
    private final Map<String, ToolResult> made = new HashMap<>();
    private int rounds;
    private boolean repeating;

    TurnCalls(ToolCalls.Turn turn, ToolCalls.Desk desk) {
        this.turn = turn;
        this.desk = desk;
    }

    /// How often the model's calls were answered.
    public int rounds() {
        return rounds;
    }

    /// Whether the last round asked for nothing that had not been made before.
    public boolean isRepeating() {
        return repeating;
    }

    /// Makes the calls of one round, side by side.
    ///
    /// @param heard hears each result as it comes, on this thread
    /// @return one result for each call, in their order
    /// @throws dev.parley.usage.TurnLost when the turn is somebody else's by now
    /// @throws java.util.concurrent.CancellationException when it was cancelled
    public List<ToolResult> run(List<ToolCall> calls, Consumer<ToolResult> heard) {
        rounds++;
        var plan = new RoundPlan();
        calls.forEach(call -> plan(call, plan));
        repeating = plan.isOnlyRepeated();
        if (!plan.toRecord.isEmpty()) {
            desk.ledger().begin(turn.ticket(), rounds, plan.toRecord);
        }
        var results = new HashMap<CallId, ToolResult>();
        plan.settled.forEach(result -> results.put(result.call().id(), result));
        plan.settled.forEach(heard);
        for (ToolResult result : new CallRound(turn, desk).run(plan.toRun, heard)) {
            results.put(result.call().id(), result);
        }
        writeDown(plan, results);
        List<ToolResult> ordered = new ArrayList<>();
        calls.forEach(call -> ordered.add(results.get(call.id())));
        return ordered;
    }

    /// What is known of a round before any of it runs.
    private static final class RoundPlan {

        final List<ToolResult> settled = new ArrayList<>();
        final List<NewCall> toRecord = new ArrayList<>();
        final List<CallRound.Planned> toRun = new ArrayList<>();
        final Map<CallId, String> digests = new HashMap<>();
        int repeated;

        boolean isOnlyRepeated() {
            return repeated > 0 && toRun.isEmpty() && repeated == settled.size();
        }
    }

    private void plan(ToolCall call, RoundPlan plan) {
        Optional<Tool> tool = turn.tools().find(call.tool());
        Optional<JsonNode> arguments = desk.runner().arguments(call);
        if (plan.digests.size() >= desk.config().perRound()) {
            settle(call, Said.tooMany(desk.config().perRound()), plan);
        } else if (tool.isEmpty()) {
            settle(call, Said.noSuchTool(call.tool()), plan);
        } else if (arguments.isEmpty()) {
            settle(call, Said.notJson(), plan);
        } else {
            plan(call, tool.get(), CallDigest.of(call.tool(), arguments.get()), plan);
        }
    }

    private static void settle(ToolCall call, String why, RoundPlan plan) {
        plan.settled.add(ToolResult.unrun(call, CallStatus.FAILED, false, why));
    }

    private void plan(ToolCall call, Tool tool, String digest, RoundPlan plan) {
        ToolInfo.Traits traits = tool.info().traits();
        ToolResult before = made.get(digest);
        if (before != null) {
            plan.repeated++;
            plan.settled.add(ToolResult.unrun(call, before.status(), false, Said.repeated(before.output())));
            return;
        }
        if (plan.digests.containsValue(digest)) {
            plan.settled.add(ToolResult.unrun(call, CallStatus.FAILED, false, Said.twice()));
            return;
        }
        plan.digests.put(call.id(), digest);
        if (traits.approval()) {
            plan.toRecord.add(NewCall.awaiting(call, traits.effects(), digest));
            plan.settled.add(ToolResult.unrun(call, CallStatus.AWAITING_APPROVAL, traits.effects(), ""));
            return;
        }
        if (traits.effects()) {
            plan.toRecord.add(NewCall.begun(call, digest, within(tool)));
        }
        plan.toRun.add(new CallRound.Planned(tool, call));
    }

    /// What has no effect needs no record before it runs, and none where the database is away: it may be made again.
    private void writeDown(RoundPlan plan, Map<CallId, ToolResult> results) {
        var over = new ArrayList<NewCall>();
        plan.digests.forEach((call, digest) -> {
            ToolResult result = results.get(call);
            if (result == null || result.isAwaited()) {
                return;
            }
            made.put(digest, result);
            if (!result.effects()) {
                over.add(NewCall.over(result, digest));
            }
        });
        if (!over.isEmpty()) {
            writeDown(over);
        }
    }

    private void writeDown(List<NewCall> over) {
        try {
            desk.ledger().begin(turn.ticket(), rounds, over);
        } catch (Problem failure) {
            LOG.warnf("Calls of turn %s are not on record: %s", turn.ticket().turn(), failure.getMessage());
        }
    }

    /// Goes on with calls of an earlier turn that waited for a decision: those that were approved are made now, once.
    ///
    /// @return one result for each call that is on record, in the order of their ids; those that still wait among
    /// them
    /// @throws Problem (409) when somebody else is making one of them right now
    public List<ToolResult> resume(List<CallId> calls, Consumer<ToolResult> heard) {
        var results = new ArrayList<ToolResult>();
        var toRun = new ArrayList<CallRound.Planned>();
        List<StoredCall> onRecord = desk.ledger().find(turn.tenant(), calls);
        Tools tools = tools(onRecord);
        for (StoredCall stored : onRecord) {
            Optional<Tool> tool = tools.find(stored.asked().tool());
            if (stored.status() == CallStatus.APPROVED && tool.isPresent()) {
                claim(stored, tool.get());
                toRun.add(new CallRound.Planned(tool.get(), stored.call()));
            } else {
                results.add(new Standing(desk).of(stored, tool, turn.spend()));
            }
        }
        results.forEach(heard);
        results.addAll(new CallRound(turn, desk).run(toRun, heard));
        Map<CallId, String> digests = onRecord.stream()
                .collect(Collectors.toMap(
                        StoredCall::id, stored -> stored.asked().digest()));
        results.stream()
                .filter(result -> !result.isAwaited())
                .forEach(result -> made.put(
                        Objects.requireNonNull(digests.get(result.call().id())), result));
        return results;
    }

    /// A request that only goes on need not name the tools again.
    private Tools tools(List<StoredCall> calls) {
        Set<String> names = calls.stream().map(call -> call.asked().tool()).collect(Collectors.toUnmodifiableSet());
        return names.stream().allMatch(turn.tools()::has)
                ? turn.tools()
                : desk.toolbox().reopen(turn.tenant(), ToolSelection.named(names));
    }

    private void claim(StoredCall stored, Tool tool) {
        if (!desk.ledger().claim(turn.ticket(), stored.id(), within(tool))) {
            throw Standing.underWay(stored.id());
        }
    }

    private Duration within(Tool tool) {
        return tool.info().timeout().plus(desk.config().grace());
    }
}

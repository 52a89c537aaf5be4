package dev.parley.tool;

import dev.parley.model.Spend;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.time.Duration;
import java.util.Optional;

/// Calls on record as they stand now.
final class Standing {

    private final ToolCalls.Desk desk;

    Standing(ToolCalls.Desk desk) {
        this.desk = desk;
    }

    /// What is known of a call, without making it. One in doubt is looked into first.
    ///
    /// @param tool empty when there is none of that name any more
    /// @throws Problem (409) while it is being made
    ToolResult of(StoredCall stored, Optional<Tool> tool, Spend spend) {
        return switch (stored.shownStatus()) {
            case AWAITING_APPROVAL -> stored.told("");
            case DENIED -> stored.told(Said.denied(stored.decision()));
            case APPROVED -> stored.told(Said.gone(stored.asked().tool()));
            case RUNNING -> throw underWay(stored.id());
            case COMPLETED, FAILED -> stored.outcome();
            case IN_DOUBT -> lookInto(stored, tool, spend);
        };
    }

    /// Finds out what became of a call whose process died, or whose tool did not say: asks the tool, and writes down
    /// what it says. What it does not know is in doubt until a person says.
    ToolResult lookInto(StoredCall stored, Optional<Tool> tool, Spend spend) {
        var client = new CallRunner.Client(stored.tenant(), stored.asked().user(), spend);
        ToolResult found = tool.map(known -> desk.runner().check(known, stored.call(), client))
                .orElseGet(() -> ToolResult.unrun(
                        stored.call(),
                        CallStatus.IN_DOUBT,
                        stored.asked().effects(),
                        Said.inDoubt(stored.id(), Said.gone(stored.asked().tool()))));
        desk.ledger().end(stored.tenant(), stored.id(), found.status(), found.output());
        return found;
    }

    static Problem underWay(CallId call) {
        return Problem.passing(
                ProblemKind.CONFLICT,
                "tool_call_in_progress",
                "The tool call '%s' is being made by another request.".formatted(call),
                Duration.ofSeconds(1));
    }
}

package dev.parley.tool;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;

/// A request names a tool that the tenant does not have.
final class UnknownTool extends Problem {

    UnknownTool(String name, String param) {
        super(
                ProblemKind.NOT_FOUND,
                "tool_not_found",
                param,
                "There is no tool '%s'; GET /v1/tools lists those there are.".formatted(name));
    }
}

package dev.parley.chat.responses;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;

/// How a response that failed says why: with one of the codes that OpenAI's clients know.
final class ResponseFailures {

    private ResponseFailures() {}

    static ResponseView.Failure of(Problem problem) {
        return new ResponseView.Failure(code(problem.kind()), problem.getMessage());
    }

    private static String code(ProblemKind kind) {
        if (kind == ProblemKind.RATE_LIMITED) {
            return "rate_limit_exceeded";
        }
        return kind.status() >= 500 ? "server_error" : "invalid_prompt";
    }
}

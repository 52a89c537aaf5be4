package dev.parley.chat.responses;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;

/// A response that a request cannot continue.
final class PreviousResponse extends Problem {

    private PreviousResponse(String code, String message) {
        super(ProblemKind.INVALID_REQUEST, code, "previous_response_id", message);
    }

    static Problem notThere(String id) {
        return new PreviousResponse(
                "previous_response_not_found", "Previous response with id '%s' not found.".formatted(id));
    }

    static Problem notContinuable(ResponseId id, String status) {
        return new PreviousResponse(
                "previous_response_not_completed",
                "Previous response '%s' cannot be continued: it is '%s'.".formatted(id, status));
    }
}

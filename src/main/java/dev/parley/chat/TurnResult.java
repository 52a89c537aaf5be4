package dev.parley.chat;

import dev.parley.problem.Problem;

/// How a turn ended. Whatever it was, the receipt tells what it took.
public sealed interface TurnResult {

    Receipt receipt();

    /// The model finished, or stopped at a limit.
    record Answered(Answer answer) implements TurnResult {
        @Override
        public Receipt receipt() {
            return answer.receipt();
        }
    }

    /// The answer broke off.
    record CutShort(Problem reason, Receipt receipt) implements TurnResult {}

    /// The client asked for the end.
    record Cancelled(Receipt receipt) implements TurnResult {}

    /// There was no answer.
    record Failed(Problem problem, Receipt receipt) implements TurnResult {}
}

package dev.parley.chat;

import dev.parley.problem.Problem;
import java.util.List;

/// How a turn ended. Whatever it was, the receipt tells what it took.
sealed interface TurnResult {

    Receipt receipt();

    /// The model finished, or stopped at a limit.
    record Answered(Answer answer) implements TurnResult {
        @Override
        public Receipt receipt() {
            return answer.receipt();
        }
    }

    /// The answer broke off.
    ///
    /// @param said the text until then
    record CutShort(Problem reason, Said said, Receipt receipt) implements TurnResult {}

    /// The client asked for the end.
    record Cancelled(Said said, Receipt receipt) implements TurnResult {}

    /// There was no answer.
    record Failed(Problem problem, Receipt receipt) implements TurnResult {}

    /// What had been said when the turn ended early.
    record Said(String text, String refusal, List<Citation> citations) {
        static final Said NOTHING = new Said("", "", List.of());

        boolean isNothing() {
            return text.isEmpty() && refusal.isEmpty();
        }
    }
}

package dev.parley.conversation;

import dev.parley.model.Spend;
import java.time.Duration;

/// Makes one summary of an older one and what followed it.
sealed interface Summariser permits ModelSummariser, SelectingSummariser {

    /// What is written beside a summary as its model.
    String model();

    /// Tokens of items that one summary can take in.
    int room();

    /// @param waited for a provider
    record Written(String text, Duration waited) {}

    /// @throws dev.parley.problem.Problem when there is none
    Written summarise(Material material, Spend spend);
}

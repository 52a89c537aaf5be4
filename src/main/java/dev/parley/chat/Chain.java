package dev.parley.chat;

import dev.parley.conversation.MemoryBudget;
import dev.parley.conversation.Remembered;
import dev.parley.postgres.TenantId;
import java.util.UUID;

/// Stored answers of which each may continue the one before it. Implemented by the face that stores them, which knows
/// how to read them.
public interface Chain {

    /// What the budget holds of a chain, the latest first.
    ///
    /// @param last the turn at its end
    /// @throws dev.parley.problem.Problem (400) when that is not there, or has no answer that could be continued
    Remembered recall(TenantId tenant, UUID last, MemoryBudget budget);
}

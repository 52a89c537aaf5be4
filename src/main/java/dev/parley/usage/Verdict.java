package dev.parley.usage;

import java.util.UUID;

/// How an admission ended that was not refused.
public sealed interface Verdict {

    /// @param ticket for its owner, who has to settle it; for work in the background it is the worker's who begins it
    record Admitted(Ticket ticket, RateStatus rates) implements Verdict {}

    /// The idempotency key was used for this request before.
    ///
    /// @param turn whose outcome the client gets
    record Repeated(UUID turn) implements Verdict {}
}

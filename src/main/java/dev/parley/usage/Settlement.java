package dev.parley.usage;

import dev.parley.model.Paid;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How a turn ended.
///
/// @param status one that [TurnStatus#isOver]
/// @param paid every call that was paid
/// @param conversation the one it locked; null for none
/// @param outcome what is kept of it
public record Settlement(
        Ticket ticket,
        TurnStatus status,
        List<Paid> paid,
        @Nullable UUID conversation,
        Outcome outcome) {

    /// Of a settlement besides its outcome: ids, lines, and the thread that waits with it.
    private static final int FRAME = 2048;

    /// What it takes to wait in memory, roughly.
    long bytes() {
        return FRAME + outcome.bytes();
    }

    /// @param keepsKey whether a retry with its idempotency key gets this outcome; a refusal frees the key
    /// @param answer encoded; null to keep none
    /// @param items for the conversation
    /// @param events null when the turn has no event log
    public record Outcome(
            boolean keepsKey,
            byte @Nullable [] answer,
            List<Kept> items,
            @Nullable LastEvents events) {

        /// Nothing is kept, and the key is free again.
        public static final Outcome FORGOTTEN = new Outcome(false, null, List.of(), null);

        /// What it takes to keep in memory, roughly.
        private long bytes() {
            return (answer == null ? 0 : answer.length)
                    + (events == null ? 0 : events.events().length)
                    + items.stream().mapToLong(item -> item.content().length).sum();
        }
    }
}
